using BackupFunctions.EmbeddedHost.PrivateCluster;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Cli.Host.Embedded;

/// <summary>The catalog in the server of a host that runs on this machine.</summary>
internal static class HostCatalog
{
    /// <returns>Its connection string; null when no host runs here.</returns>
    public static string? Find(IConfiguration configuration) => PrivateCatalog.Find(configuration);
}

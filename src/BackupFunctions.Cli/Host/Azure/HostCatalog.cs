using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Cli.Host.Azure;

/// <summary>On Azure no host has a server of its own.</summary>
internal static class HostCatalog
{
    public static string? Find(IConfiguration configuration) => null;
}

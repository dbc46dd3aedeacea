using BackupFunctions.Contracts;
using BackupFunctions.EmbeddedHost.Settings;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.PrivateCluster;

/// <summary>The database <c>catalog</c> in the host's own server. Whoever uses it makes it; the host only says where it is.</summary>
internal static class PrivateCatalog
{
    /// <summary>The setting by which the host tells its app; read by BackupFunctions.Settings.</summary>
    public const string Setting = "HOST_CATALOG";

    /// <summary>Without secrets: the socket's folder is open to one account only.</summary>
    /// <returns>Null when the host has no server of its own.</returns>
    /// <exception cref="PgdrException">DATA_FOLDER cannot be used.</exception>
    public static string? ConnectionString(IConfiguration configuration) =>
        HostSettings.HasStateConnection(configuration)
            ? null
            : new NpgsqlConnectionStringBuilder
            {
                Host = new ClusterFolders(HostSettings.ReadDataFolder(configuration)).Sockets,
                Username = ClusterInitializer.Superuser,
                Database = "catalog",
                SslMode = SslMode.Disable,
            }.ConnectionString;

    /// <summary>For who looks from outside of the host: nothing is started.</summary>
    /// <returns>Null when no server of a host runs here, or not for this account.</returns>
    public static string? Find(IConfiguration configuration)
    {
        try
        {
            return ConnectionString(configuration) is { } connection
                && File.Exists(Path.Combine(new NpgsqlConnectionStringBuilder(connection).Host!, ClusterFolders.SocketName))
                ? connection
                : null;
        }
        catch (PgdrException)
        {
            // A host could not start with such a folder either.
            return null;
        }
    }
}

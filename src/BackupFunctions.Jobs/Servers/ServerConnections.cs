using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Settings;

namespace BackupFunctions.Jobs.Servers;

/// <summary>Servers and databases by their names in the settings.</summary>
internal static class ServerConnections
{
    public static ServerConnection OfDatabase(BackupSettings settings, string database) =>
        Named(settings, Database(settings, database).Server);

    public static DatabaseSettings Database(BackupSettings settings, string database) =>
        settings.Databases.FirstOrDefault(known => string.Equals(known.Name, database, StringComparison.Ordinal))
        ?? throw new PgdrException(
            ErrorCodes.DatabaseUnknown, $"Database '{database}' is not in the settings: add it to Databases, or correct the name.");

    public static ServerConnection Named(BackupSettings settings, string name)
    {
        var server = settings.Servers.FirstOrDefault(known => string.Equals(known.Name, name, StringComparison.Ordinal))
            ?? throw new PgdrException(
                ErrorCodes.InvalidSettings, $"Server '{name}' is not in the settings: add Servers__{name}__Host, or correct the name.");
        return new ServerConnection
        {
            Name = server.Name,
            Host = server.Host,
            Port = server.Port,
            Username = server.Username,
            Password = server.Password?.Read(),
            SslMode = server.SslMode is { } mode ? Enum.Parse<Npgsql.SslMode>(mode.Replace("-", string.Empty, StringComparison.Ordinal), ignoreCase: true) : null,
            RootCertificatePath = server.RootCertificate,
        };
    }
}

using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Settings;

internal static class ServerSettingsReader
{
    private static readonly string[] SslModes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

    public static IReadOnlyList<ServerSettings> Read(IConfiguration configuration) =>
        [.. configuration.GetSection("Servers").GetChildren().Select(ReadServer)];

    /// <summary>Databases__0__Name with Databases__0__Server, or BACKUP_DATABASES with names separated by semicolons on the first server.</summary>
    public static IReadOnlyList<DatabaseSettings> ReadDatabases(IConfiguration configuration, IReadOnlyList<ServerSettings> servers)
    {
        var databases = configuration.GetSection("Databases").GetChildren()
            .Select(section => new DatabaseSettings(
                section["Name"] is { Length: > 0 } name ? name : throw SettingsReader.Invalid(section, "Name", "a name is missing"),
                section["Server"] is { Length: > 0 } server ? server : DefaultServer(servers))
            {
                Tenants = TenantSettingsReader.Read(section),
            })
            .Concat((SettingsReader.Text(configuration, "BACKUP_DATABASES") ?? string.Empty)
                .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(name => new DatabaseSettings(name, DefaultServer(servers))))
            .ToList();
        foreach (var database in databases)
        {
            if (!servers.Any(server => string.Equals(server.Name, database.Server, StringComparison.Ordinal)))
            {
                throw SettingsReader.Invalid("Databases", $"database '{database.Name}' names server '{database.Server}', which is not among Servers");
            }
        }

        return databases.DistinctBy(database => database.Name, StringComparer.Ordinal).Count() == databases.Count
            ? databases
            : throw SettingsReader.Invalid("Databases", "a database is named twice; give each its own cluster name and settings");
    }

    private static string DefaultServer(IReadOnlyList<ServerSettings> servers) => servers.Count > 0
        ? servers[0].Name
        : throw SettingsReader.Invalid("Servers", "databases are named but no server; set Servers__main__Host");

    private static ServerSettings ReadServer(IConfigurationSection section)
    {
        var sslMode = section["SslMode"] is { Length: > 0 } mode ? mode.ToLowerInvariant() : null;
        if (sslMode is not null && !SslModes.Contains(sslMode, StringComparer.Ordinal))
        {
            throw SettingsReader.Invalid(section, "SslMode", $"choose one of {string.Join(", ", SslModes)}");
        }

        return new ServerSettings
        {
            Name = section.Key,
            Host = section["Host"] is { Length: > 0 } host ? host : throw SettingsReader.Invalid(section, "Host", "it is missing"),
            Port = SettingsReader.Number(section, "Port", 5432, 1, 65535),
            Username = section["Username"] is { Length: > 0 } user ? user : "postgres",
            Password = SettingsReader.Secret(section, "Password", "File"),
            SslMode = sslMode,
            RootCertificate = section["RootCertificate"] is { Length: > 0 } certificate ? certificate : null,
            Wal = ReadWalMode(section),
        };
    }

    private static WalMode ReadWalMode(IConfigurationSection section) => section["Wal"] switch
    {
        null or "" or "off" => WalMode.Off,
        "timer" => WalMode.Timer,
        "continuous" => WalMode.Continuous,
        _ => throw SettingsReader.Invalid(section, "Wal", "choose one of off, timer, continuous"),
    };
}

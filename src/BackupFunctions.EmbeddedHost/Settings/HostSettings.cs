using System.Globalization;
using BackupFunctions.Contracts;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.EmbeddedHost.Settings;

/// <summary>What the settings say about the host itself, checked.</summary>
internal sealed record HostSettings
{
    /// <summary>HOST_URL: the address to bind.</summary>
    public required Uri Url { get; init; }

    /// <summary>HOST_URL_FILE: gets the address in use once the host listens.</summary>
    public string? UrlFile { get; init; }

    /// <summary>DATA_FOLDER: keys, and the private state cluster.</summary>
    public required string DataFolder { get; init; }

    /// <summary>STATE_CONNECTION: a database for the state; null means a private cluster.</summary>
    public string? StateConnection { get; init; }

    /// <summary>POSTGRES_BIN: the folder with initdb and pg_ctl for the private cluster; null means the newest found.</summary>
    public string? PostgresBinaries { get; init; }

    /// <summary>Host.CORS of local.settings.json.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary>Host.CORSCredentials of local.settings.json: those origins may send cookies and credentials.</summary>
    public bool CorsCredentials { get; init; }

    /// <exception cref="PgdrException">A setting makes no sense; names it.</exception>
    public static HostSettings From(IConfiguration configuration) => new()
    {
        Url = ParseUrl(configuration),
        UrlFile = NullIfEmpty(configuration["HOST_URL_FILE"]),
        DataFolder = ReadDataFolder(configuration),
        StateConnection = NullIfEmpty(configuration["STATE_CONNECTION"]),
        PostgresBinaries = NullIfEmpty(configuration["POSTGRES_BIN"]),
        CorsOrigins = (configuration[LocalSettings.HostPrefix + "CORS"] ?? string.Empty)
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        CorsCredentials = ParseCredentials(configuration),
    };

    internal static string ReadDataFolder(IConfiguration configuration) =>
        Path.GetFullPath(NullIfEmpty(configuration["DATA_FOLDER"]) ?? DefaultDataFolder());

    internal static bool HasStateConnection(IConfiguration configuration) => NullIfEmpty(configuration["STATE_CONNECTION"]) is not null;

    /// <exception cref="PgdrException">It is no flag, or would open the host to every page in the world.</exception>
    private static bool ParseCredentials(IConfiguration configuration)
    {
        var text = NullIfEmpty(configuration[LocalSettings.HostPrefix + "CORSCredentials"]) ?? "false";
        if (!bool.TryParse(text, out var allowed))
        {
            throw new PgdrException(ErrorCodes.InvalidSettings, $"Host.CORSCredentials is '{text}': it must be true or false.");
        }

        return allowed && (configuration[LocalSettings.HostPrefix + "CORS"] ?? string.Empty).Contains('*', StringComparison.Ordinal)
            ? throw new PgdrException(ErrorCodes.InvalidSettings, "Host.CORSCredentials does not go with Host.CORS '*': name the origins that may send credentials.")
            : allowed;
    }

    private static Uri ParseUrl(IConfiguration configuration)
    {
        var port = NullIfEmpty(configuration[LocalSettings.HostPrefix + "LocalHttpPort"]) ?? "7071";
        if (!ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            throw new PgdrException(ErrorCodes.InvalidSettings, $"Host.LocalHttpPort is '{port}': it must be a port from 0 to 65535.");
        }

        var text = NullIfEmpty(configuration["HOST_URL"]) ?? $"http://127.0.0.1:{port}";
        // Kestrel's wildcard hosts are no valid URIs.
        var valid = text.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal);
        return Uri.TryCreate(valid, UriKind.Absolute, out var url) && url.Scheme is "http" && url.AbsolutePath is "/"
            ? url
            : throw new PgdrException(
                ErrorCodes.InvalidSettings,
                $"HOST_URL is '{text}', which is not an address such as http://127.0.0.1:7071; put a reverse proxy in front for https.");
    }

    private static string DefaultDataFolder() =>
        Environment.IsPrivilegedProcess
            ? "/var/lib/backupfunctions"
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".backupfunctions");

    private static string? NullIfEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

using BackupFunctions.Contracts;
using BackupFunctions.EmbeddedHost.Settings;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.EmbeddedHost.Http;

/// <summary>Where the host is reached.</summary>
internal sealed class HostAddress
{
    private readonly Uri? _public;
    private volatile Uri? _listening;

    public HostAddress(HostSettings settings, IConfiguration configuration)
    {
        _public = configuration["WEBSITE_HOSTNAME"] is { Length: > 0 } name ? PublicAddress(name) : null;
        _listening = settings.Url.Port == 0 ? null : Reachable(settings.Url);
    }

    /// <summary>The address to put into links: WEBSITE_HOSTNAME when the host stands behind a proxy, else the one it listens on.</summary>
    /// <exception cref="InvalidOperationException">The port is not known before the host listens.</exception>
    public Uri Public => _public ?? _listening ?? throw new InvalidOperationException("The host does not listen yet, so it has no address to put into links.");

    public void Listens(Uri address) => _listening = Reachable(address);

    private static Uri PublicAddress(string name) =>
        Uri.TryCreate($"{(IsLocal(name) ? "http" : "https")}://{name}", UriKind.Absolute, out var address) && address.AbsolutePath is "/"
            ? address
            : throw new PgdrException(
                ErrorCodes.InvalidSettings, $"WEBSITE_HOSTNAME is '{name}': set it to the host's public name, with a port if need be, such as backup.example.org.");

    private static bool IsLocal(string name) =>
        name.StartsWith("localhost", StringComparison.OrdinalIgnoreCase) || name.StartsWith("127.", StringComparison.Ordinal);

    private static Uri Reachable(Uri address) =>
        address.Host is "0.0.0.0" or "[::]" ? new UriBuilder(address) { Host = "localhost" }.Uri : address;
}

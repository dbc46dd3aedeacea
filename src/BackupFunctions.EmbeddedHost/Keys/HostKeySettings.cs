using BackupFunctions.Contracts;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.EmbeddedHost.Keys;

/// <summary>Keys given by settings; each replaces the one of keys.json.</summary>
/// <param name="Master">AzureWebJobsMasterKey or HOST_MASTER_KEY.</param>
/// <param name="Function">HOST_FUNCTION_KEY: the default host function key.</param>
/// <param name="System">HOST_SYSTEM_KEY: the key of the durable management API; equal on hosts that share their state.</param>
internal sealed record HostKeySettings(string? Master, string? Function, string? System)
{
    public const int ShortestKey = 16;

    /// <exception cref="PgdrException">A key is too short to be a secret.</exception>
    public static HostKeySettings From(IConfiguration configuration) => new(
        Read(configuration, "AzureWebJobsMasterKey") ?? Read(configuration, "HOST_MASTER_KEY"),
        Read(configuration, "HOST_FUNCTION_KEY"),
        Read(configuration, "HOST_SYSTEM_KEY"));

    private static string? Read(IConfiguration configuration, string setting) =>
        configuration[setting] switch
        {
            null or "" => null,
            { Length: < ShortestKey } => throw new PgdrException(
                ErrorCodes.InvalidSettings,
                $"The key in the setting {setting} has fewer than {ShortestKey} characters: use a random one, for example from `openssl rand -base64 40`."),
            var key => key,
        };
}

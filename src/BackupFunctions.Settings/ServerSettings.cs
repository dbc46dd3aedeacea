using System.Text;

namespace BackupFunctions.Settings;

/// <summary>A PostgreSQL server by name.</summary>
public sealed record ServerSettings
{
    public required string Name { get; init; }
    public required string Host { get; init; }
    public required int Port { get; init; }
    public required string Username { get; init; }

    /// <summary>Null: none needed (peer, trust, certificate). Read late, so that it is in memory only where it is used.</summary>
    public SecretSource? Password { get; init; }
    public string? SslMode { get; init; }
    public string? RootCertificate { get; init; }
    public WalMode Wal { get; init; }

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(System.Globalization.CultureInfo.InvariantCulture, $"{Name} = {Host}:{Port}");
        return true;
    }
}

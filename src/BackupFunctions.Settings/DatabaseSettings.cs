namespace BackupFunctions.Settings;

/// <param name="Name">As in pg_database, unquoted.</param>
/// <param name="Server">A server named in the settings.</param>
public sealed record DatabaseSettings(string Name, string Server)
{
    /// <summary>How its tenants are told apart; null: it has none, or nobody said.</summary>
    public TenantSettings? Tenants { get; init; }
}

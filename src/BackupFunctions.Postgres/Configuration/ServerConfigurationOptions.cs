namespace BackupFunctions.Postgres.Configuration;

/// <param name="RolePasswords">Hashes of the roles' passwords, too.</param>
/// <param name="FileLimit">Bytes above which a file is left out, and named.</param>
public sealed record ServerConfigurationOptions(bool RolePasswords, long FileLimit)
{
    /// <summary>Bytes of all roles together above which the backup fails.</summary>
    internal const long MostOfGlobals = 64 << 20;

    internal long GlobalsLimit { get; init; } = MostOfGlobals;
}

namespace BackupFunctions.Settings;

/// <summary>What configuration backups hold besides what the server says.</summary>
public sealed record ConfigurationBackupSettings
{
    /// <summary>Absolute patterns of files on this machine, with *, ? and ** for any depth.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Bytes above which one file is left out, and named.</summary>
    public long FileLimit { get; init; } = 1 << 20;

    /// <summary>Hashes of the roles' passwords, too; needs a superuser.</summary>
    public bool RolePasswords { get; init; }
}

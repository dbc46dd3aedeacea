namespace BackupFunctions.Contracts.Backups;

/// <summary>What a backup holds.</summary>
public enum BackupKind
{
    /// <summary>A whole database as a logical dump (pg_dump).</summary>
    Full,
}

namespace BackupFunctions.Contracts.ManualBackups;

/// <summary>What somebody can ask for.</summary>
public enum ManualBackupKind
{
    /// <summary>A dump of one database.</summary>
    Full,

    /// <summary>The files of a server.</summary>
    Base,

    /// <summary>What changed in them.</summary>
    Incremental,

    /// <summary>Tenants of one database, each with a backup of its own.</summary>
    Tenant,

    /// <summary>To be kept for months: of a server a base backup with its log, of a database a full one.</summary>
    Archive,

    /// <summary>How a server is set up.</summary>
    Configuration,
}

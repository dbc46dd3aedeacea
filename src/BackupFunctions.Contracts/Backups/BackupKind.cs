namespace BackupFunctions.Contracts.Backups;

/// <summary>What a backup holds.</summary>
public enum BackupKind
{
    /// <summary>A whole database as a logical dump (pg_dump).</summary>
    Full,

    /// <summary>The files of a whole server (pg_basebackup); write-ahead log goes on from it.</summary>
    Base,

    /// <summary>What changed in the files of a server since another base backup (pg_basebackup --incremental): nothing without its parents.</summary>
    Incremental,

    /// <summary>The rows of one tenant of a database, with the structure of all of it.</summary>
    Tenant,

    /// <summary>How a server is set up: settings, access rules, roles, extensions, and files that the settings name.</summary>
    Configuration,
}

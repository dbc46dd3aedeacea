namespace BackupFunctions.Postgres.Restore;

/// <summary>How pg_restore reaches the server.</summary>
public enum RestoreWay
{
    /// <summary>Over connections of its own, in parallel.</summary>
    Direct,

    /// <summary>As a script through psql, one statement after the other, because the server refuses a setting that pg_restore begins with.</summary>
    Script,
}

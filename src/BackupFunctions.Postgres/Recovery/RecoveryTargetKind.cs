namespace BackupFunctions.Postgres.Recovery;

public enum RecoveryTargetKind
{
    /// <summary>The end of the log that there is.</summary>
    Latest,

    /// <summary>As soon as it is consistent.</summary>
    Immediate,

    /// <summary>A time with its zone.</summary>
    Time,

    /// <summary>A position.</summary>
    Lsn,

    /// <summary>A restore point, pg_create_restore_point.</summary>
    Name,

    /// <summary>A transaction's id.</summary>
    Transaction,
}

namespace BackupFunctions.Http;

/// <summary>Body of POST /api/merges. At most one of backupId, targetTime, targetLsn and latest says where rows come from.</summary>
public sealed record StartMergeBody(string? Database, string? BackupId, string? Reason, string? Confirm) : IPointBody
{
    /// <summary>With its offset from UTC, for example 2026-11-21T14:05:00Z.</summary>
    public string? TargetTime { get; init; }

    /// <summary>A position in the log, for example 0/16B3748.</summary>
    public string? TargetLsn { get; init; }

    /// <summary>True: the end of the log, and nothing else.</summary>
    public bool? Latest { get; init; }

    /// <summary>As schema.table with * and ?; none: all tables.</summary>
    public IReadOnlyList<string?>? Tables { get; init; }

    /// <summary>Only rows of these; none: all rows.</summary>
    public IReadOnlyList<string?>? Tenants { get; init; }

    /// <summary>add-missing (default), overwrite or newest.</summary>
    public string? Policy { get; init; }

    /// <summary>With policy newest: the column that tells which row is newer.</summary>
    public string? NewestColumn { get; init; }

    /// <summary>True: rows are written. Default: they are counted only.</summary>
    public bool? Apply { get; init; }

    /// <summary>False: no backup of the database beforehand.</summary>
    public bool? Undo { get; init; }
}

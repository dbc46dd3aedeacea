namespace BackupFunctions.Contracts.Jobs;

/// <summary>A server's files recovered to a point. At most one target; none means the end of the log.</summary>
public sealed record RecoverServerParameters
{
    /// <summary>The server that the backup is of, by its name in the settings then.</summary>
    public required string Server { get; init; }

    /// <summary>The new data directory; with <see cref="Delta"/> that of the server itself.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>A base backup; null: the newest that lies before the target.</summary>
    public string? BackupId { get; init; }
    public DateTimeOffset? TargetTime { get; init; }

    /// <summary>For example 0/16B3748.</summary>
    public string? TargetLsn { get; init; }

    /// <summary>A restore point, pg_create_restore_point.</summary>
    public string? TargetName { get; init; }

    /// <summary>A transaction's id.</summary>
    public string? TargetTransaction { get; init; }

    /// <summary>As soon as it is consistent.</summary>
    public bool Immediate { get; init; }

    /// <summary>Just before the target instead of just behind it.</summary>
    public bool Exclusive { get; init; }

    /// <summary>The timeline to follow; null: the newest that storage knows.</summary>
    public int? Timeline { get; init; }

    /// <summary>The directory is the stopped server's own: only files that differ from the base backup are written, those it has not are removed.</summary>
    public bool Delta { get; init; }

    /// <summary>New locations of further tablespaces by the old one, absolute paths; who is not in it goes where it was.</summary>
    public IReadOnlyDictionary<string, string> TablespaceMap { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
    public required string RequestedBy { get; init; }
}

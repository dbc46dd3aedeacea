namespace BackupFunctions.Postgres.Recovery;

/// <summary>One recovery of a restored data directory.</summary>
public sealed record RecoveryRequest
{
    /// <summary>Restored, with its backup_label; nothing has run on it, unless <see cref="IsPromoted"/>.</summary>
    public required string DataFolder { get; init; }

    /// <summary>What belongs to the server beside its data directory, so that its account gets it.</summary>
    public IReadOnlyList<string> TablespaceFolders { get; init; } = [];

    /// <summary>A folder for sockets and pipes, private and short: a socket's path has 107 bytes at most.</summary>
    public required string WorkFolder { get; init; }

    /// <summary>Of the server program, the major version that the data directory has.</summary>
    public required string Binaries { get; init; }

    /// <summary>Any role that could log in when the backup was taken.</summary>
    public required string Username { get; init; }
    public required RecoveryTarget Target { get; init; }

    /// <summary>The timeline to follow; null: the newest that the log knows.</summary>
    public int? Timeline { get; init; }
    public required IWalSource Log { get; init; }

    /// <summary>An earlier run has recovered and promoted it: it starts as the server that it is, and replays nothing.</summary>
    public bool IsPromoted { get; init; }

    /// <summary>The files are thrown away afterwards: nothing waits for the disk, and a machine that goes down takes them with it.</summary>
    public bool IsTemporary { get; init; }

    /// <summary>The log ends here, bytes: a recovery to the end that stops before has lost something. Null: not known.</summary>
    public ulong? EndOfLog { get; init; }

    /// <summary>
    /// The log is known to hold everything before the target, a time or a position: where it ends, the target is reached. PostgreSQL itself
    /// knows that it has reached a target only by a record behind it.
    /// </summary>
    public bool EndIsTarget { get; init; }

    /// <summary>Libraries without which the server's data cannot be read; empty by default.</summary>
    public IReadOnlyList<string> PreloadLibraries { get; init; } = [];
}

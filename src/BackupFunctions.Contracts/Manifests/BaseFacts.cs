namespace BackupFunctions.Contracts.Manifests;

/// <summary>What a base backup needs to become consistent: the log from its start to its stop position.</summary>
public sealed record BaseFacts
{
    /// <summary>The server's name in the settings it was taken by.</summary>
    public required string Server { get; init; }

    /// <summary>As in backup_label.</summary>
    public required string Label { get; init; }

    /// <summary>Timeline of <see cref="StartLsn"/>, from 1.</summary>
    public required int Timeline { get; init; }

    /// <summary>Redo location of its start checkpoint, for example 0/6000028.</summary>
    public required string StartLsn { get; init; }
    public required string CheckpointLsn { get; init; }

    /// <summary>Timeline of <see cref="StopLsn"/>: another one when a standby followed a failover meanwhile.</summary>
    public required int StopTimeline { get; init; }

    /// <summary>Where it is consistent.</summary>
    public required string StopLsn { get; init; }

    /// <summary>Bytes: wal_segment_size.</summary>
    public required int WalSegmentSize { get; init; }

    /// <summary>The server checked every block that it read.</summary>
    public required bool DataChecksums { get; init; }

    /// <summary>Names of tablespaces beside pg_default and pg_global.</summary>
    public IReadOnlyList<string> Tablespaces { get; init; } = [];
}

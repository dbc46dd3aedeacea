namespace BackupFunctions.Contracts.Manifests;

/// <summary>
/// <c>wal/&lt;system id&gt;/epochs/&lt;epoch&gt;.json</c>: one start of a receiver of write-ahead log, signed, with the data key of everything
/// it archives. Who has only public keys can therefore not make an object that its readers take.
/// </summary>
public sealed record WalEpoch
{
    public const string CurrentFormat = "pgdr-wal-epoch/1";

    public required string Format { get; init; }
    public required string Cluster { get; init; }

    /// <summary>Shaped like a backup's id: sorts by its start.</summary>
    public required string EpochId { get; init; }

    /// <summary>The server's, from IDENTIFY_SYSTEM: digits.</summary>
    public required string SystemIdentifier { get; init; }
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>server_version_num, for example 150020.</summary>
    public required int ServerVersionNumber { get; init; }

    /// <summary>From 1. An epoch stays on one timeline: the next one has an epoch of its own.</summary>
    public required int Timeline { get; init; }

    /// <summary>Timelines it descends from, oldest first; empty for the first timeline.</summary>
    public IReadOnlyList<WalAncestor> Ancestors { get; init; } = [];

    /// <summary>Where it began, for example 0/16000000.</summary>
    public required string StartLsn { get; init; }

    /// <summary>What is missing before <see cref="StartLsn"/>; null: nothing.</summary>
    public WalGap? Gap { get; init; }

    /// <summary>Bytes: wal_segment_size.</summary>
    public required int SegmentSize { get; init; }

    /// <summary>zstd or gzip.</summary>
    public required string Compression { get; init; }

    /// <summary>Cipher of every object.</summary>
    public required string Encryption { get; init; }
    public required IReadOnlyList<KeyEnvelope> Recipients { get; init; }

    /// <summary>SHA-256 (hex) of the SubjectPublicKeyInfo of the key that signed this epoch.</summary>
    public required string SignedBy { get; init; }
}

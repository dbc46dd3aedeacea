using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Contracts.Jobs;

/// <summary>What one run of a receiver of write-ahead log made safe: on the required number of targets, read back.</summary>
public sealed record ReceiveWalResult
{
    public required string Server { get; init; }
    public string? SystemIdentifier { get; init; }

    /// <summary>Of <see cref="SafeLsn"/>, from 1; 0 when the server was not asked yet.</summary>
    public int Timeline { get; init; }

    /// <summary>Everything before it is safe, for example 0/16B3748.</summary>
    public string? SafeLsn { get; init; }

    /// <summary>Up to where the server had written when it was asked last.</summary>
    public string? ServerLsn { get; init; }
    public long Segments { get; init; }
    public long Partials { get; init; }

    /// <summary>Bytes of log.</summary>
    public long LogSize { get; init; }

    /// <summary>Bytes of ciphertext in one copy.</summary>
    public long StoredSize { get; init; }

    /// <summary>Holes that this run had to leave: each needs a base backup behind it.</summary>
    public IReadOnlyList<WalGap> Gaps { get; init; } = [];

    /// <summary>Targets that did not take the last of it, with the cause: their copies are made later.</summary>
    public IReadOnlyDictionary<string, string> FailedTargets { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Contracts.Jobs;

/// <summary>One server's archived log.</summary>
public sealed record WalServerStatus
{
    public required string SystemIdentifier { get; init; }

    /// <summary>In the settings; null: no configured server has this identifier.</summary>
    public string? Name { get; init; }
    public required IReadOnlyList<WalRangeStatus> Ranges { get; init; }

    /// <summary>Where it can be recovered to.</summary>
    public IReadOnlyList<WalWindowStatus> Windows { get; init; } = [];

    /// <summary>Log that is missing.</summary>
    public IReadOnlyList<WalHoleStatus> Holes { get; init; } = [];

    /// <summary>Those of them that a receiver recorded, with the cause, oldest first.</summary>
    public IReadOnlyList<WalGap> Gaps { get; init; } = [];

    /// <summary>Where the server writes now; null: it was not asked, or does not answer.</summary>
    public string? ServerLsn { get; init; }

    /// <summary>Bytes that the server has written and that are not on the required number of targets.</summary>
    public long? BehindBytes { get; init; }

    /// <summary>At most so many seconds of transactions would be lost with the server now; 0 when nothing would be.</summary>
    public double? BehindSeconds { get; init; }
}

using BackupFunctions.Contracts.Logs;

namespace BackupFunctions.Retention;

/// <summary>What happens to one server's archived log.</summary>
/// <param name="SystemId">The server's system identifier.</param>
public sealed record WalPlan(string SystemId)
{
    /// <summary>Stretches that stay or go, by timeline and position, and why.</summary>
    public required IReadOnlyList<WalDecision> Decisions { get; init; }

    /// <summary>Bytes, the largest that its epochs have: stretches are whole segments.</summary>
    public required int SegmentSize { get; init; }

    /// <summary>Nothing needs it now, from the first position on, whether storage has it or not.</summary>
    public required LogSpans Expired { get; init; }

    /// <summary>Epochs that have nothing left that is needed.</summary>
    public required IReadOnlyList<string> ExpiredEpochs { get; init; }

    /// <summary>Of that, what has been so for the whole grace: it goes now.</summary>
    public required LogSpans Due { get; init; }

    /// <inheritdoc cref="Due"/>
    public required IReadOnlyList<string> DueEpochs { get; init; }

    /// <summary>Something is not known: nothing is stated, and nothing goes. A sentence.</summary>
    public string? WhyBlocked { get; init; }

    /// <summary>What the newest statement says is no longer so, or not every target has it.</summary>
    public bool IsNews { get; init; }
}

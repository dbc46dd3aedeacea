namespace BackupFunctions.Contracts.Jobs;

/// <summary>Where a running job is.</summary>
/// <param name="Phase">For example dump, download, restore, verify.</param>
/// <param name="BytesDone">Bytes of this phase.</param>
/// <param name="BytesTotal">Null when not known.</param>
/// <param name="Detail">One line for people, for example the table being compared.</param>
/// <param name="Failovers">Switches of target so far, one sentence each.</param>
/// <param name="FinishedPhases">Names of phases already finished, in order.</param>
/// <param name="UpdatedAt">UTC.</param>
/// <param name="Target">The storage target read from last; null when none is.</param>
/// <param name="BasesNeeded">Ids of gaps in the log that need a base backup behind them, those of earlier starts of the run too; null: none.</param>
public sealed record JobProgress(
    string Phase,
    long BytesDone,
    long? BytesTotal,
    string? Detail,
    IReadOnlyList<string> Failovers,
    IReadOnlyList<string> FinishedPhases,
    DateTimeOffset UpdatedAt,
    string? Target = null,
    IReadOnlyList<string>? BasesNeeded = null);

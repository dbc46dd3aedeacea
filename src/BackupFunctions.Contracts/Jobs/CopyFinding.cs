namespace BackupFunctions.Contracts.Jobs;

/// <summary>A copy that was not good when it was checked.</summary>
/// <param name="BackupId">The backup.</param>
/// <param name="Database">Its database.</param>
/// <param name="Target">The target of the copy.</param>
/// <param name="Condition">As it was found.</param>
/// <param name="Detail">What is wrong, one sentence.</param>
public sealed record CopyFinding(string BackupId, string Database, string Target, CopyCondition Condition, string Detail)
{
    /// <summary>Made whole in this run and verified again.</summary>
    public bool Repaired { get; init; }

    /// <summary>Why it was not repaired, one sentence; null: it was, or nobody asked for it.</summary>
    public string? NotRepaired { get; init; }
}

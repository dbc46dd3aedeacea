namespace BackupFunctions.Contracts.Jobs;

/// <summary>A copy of an object of write-ahead log that was read and was not good.</summary>
/// <param name="SystemIdentifier">The server.</param>
/// <param name="Object">Its name below the server's folder.</param>
/// <param name="Target">The target of the copy.</param>
/// <param name="Condition">As it was found.</param>
/// <param name="Detail">What is wrong, one sentence.</param>
public sealed record LogFinding(string SystemIdentifier, string Object, string Target, CopyCondition Condition, string Detail)
{
    /// <summary>Replaced in this run by a good one and read again.</summary>
    public bool Repaired { get; init; }

    /// <summary>It was read once more and was what was archived: nothing was replaced. Its target, or the way to it, gave wrong bytes before.</summary>
    public bool ReadRight { get; init; }

    /// <summary>Why it was not repaired, one sentence; null: it was, or nobody asked for it.</summary>
    public string? NotRepaired { get; init; }
}

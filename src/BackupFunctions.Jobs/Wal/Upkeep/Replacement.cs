namespace BackupFunctions.Jobs.Wal.Upkeep;

/// <param name="WhyNot">Why a damaged copy was not replaced, one sentence; null: it was, or had no need of it.</param>
internal sealed record Replacement(string? WhyNot)
{
    /// <summary>By a good one, which was read back.</summary>
    public bool Replaced { get; init; }

    /// <summary>It was not damaged when it was read once more, and was left alone.</summary>
    public bool ReadRight { get; init; }
}

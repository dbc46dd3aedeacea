namespace BackupFunctions.Contracts.Jobs;

/// <summary>What one integrity check found of the archived write-ahead log, in copies, and what it copied and repaired.</summary>
public sealed record LogCheckResult
{
    /// <summary>Every copy that was read is good now, nothing stood in the way, and what was copied is whole.</summary>
    public required bool Success { get; init; }

    /// <summary>Objects that any target holds, documents too.</summary>
    public required int Objects { get; init; }

    /// <summary>Objects whose copies were read.</summary>
    public required int Checked { get; init; }

    /// <summary>Copies that were read and are what their name says.</summary>
    public required int Good { get; init; }
    public required int Damaged { get; init; }
    public required int Unreachable { get; init; }

    /// <summary>Of the damaged ones: replaced.</summary>
    public required int Repaired { get; init; }

    /// <summary>Copies that targets which answered did not have when the check began.</summary>
    public required int Missing { get; init; }

    /// <summary>Of the missing ones: made, and read back.</summary>
    public required int Copied { get; init; }

    /// <summary>Bytes of ciphertext that were read.</summary>
    public required long BytesRead { get; init; }

    /// <summary>Copies that were not good when they were read.</summary>
    public required IReadOnlyList<LogFinding> Findings { get; init; }

    /// <summary>What stood in the way, a sentence each.</summary>
    public required IReadOnlyList<string> Problems { get; init; }
}

namespace BackupFunctions.Contracts.Jobs;

/// <summary>What one integrity check found, in copies, and what it repaired.</summary>
public sealed record VerifyCopiesResult
{
    /// <summary>Findings and problems that the result of a job lists at most: it enters the workflow's history.</summary>
    public const int MostListed = 100;

    /// <summary>Every copy that was looked at is good now, and nothing stood in the way of looking.</summary>
    public required bool Success { get; init; }
    public required DateTimeOffset CheckedAt { get; init; }

    /// <summary>Backups whose copies were read.</summary>
    public required int Backups { get; init; }
    public required int Good { get; init; }
    public required int Missing { get; init; }
    public required int Damaged { get; init; }
    public required int Unreachable { get; init; }

    /// <summary>Of the missing and damaged ones: made whole again.</summary>
    public required int Repaired { get; init; }

    /// <summary>Bytes of ciphertext that were read to check and to repair.</summary>
    public required long BytesRead { get; init; }

    /// <summary>Copies that were not good when they were checked.</summary>
    public required IReadOnlyList<CopyFinding> Findings { get; init; }

    /// <summary>What is not about one copy, a sentence each: manifests that nobody gives in good order, statements that cannot be read.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>Of the write-ahead log; null: it was not looked at, because backups were named or no log is archived.</summary>
    public LogCheckResult? Log { get; init; }

    /// <summary>With <see cref="MostListed"/> findings and problems at most.</summary>
    public VerifyCopiesResult Limited() => this with
    {
        Findings = [.. Findings.Take(MostListed)],
        Problems = [.. Problems.Take(MostListed)],
        Log = Log is null ? null : Log with { Findings = [.. Log.Findings.Take(MostListed)], Problems = [.. Log.Problems.Take(MostListed)] },
    };
}

using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Jobs.Verify;

/// <param name="Good">Copies that were good when they were checked.</param>
/// <param name="Findings">The others.</param>
/// <param name="Problems">What is not about one copy, a sentence each.</param>
internal sealed record BackupOutcome(int Good, IReadOnlyList<CopyFinding> Findings, IReadOnlyList<string> Problems)
{
    /// <summary>No target has anything of such a backup, or only what a running or killed one has written.</summary>
    public bool IsUnknown { get; init; }
}

using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Jobs.Wal.Checks;

/// <summary>Whether a server is set up so that its log can be archived.</summary>
/// <param name="Server">Its name in the settings.</param>
/// <param name="Status">The worst of the findings.</param>
/// <param name="CheckedAt">UTC.</param>
/// <param name="Findings">A check that an earlier failure makes senseless is missing.</param>
public sealed record WalCheckResult(string Server, CheckStatus Status, DateTimeOffset CheckedAt, IReadOnlyList<WalFinding> Findings);

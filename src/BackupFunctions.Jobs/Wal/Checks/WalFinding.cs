using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Jobs.Wal.Checks;

/// <param name="Check">What was looked at.</param>
/// <param name="Status">How it stands.</param>
/// <param name="Detail">One sentence; with cause and remedy unless all is well.</param>
public sealed record WalFinding(string Check, CheckStatus Status, string Detail);

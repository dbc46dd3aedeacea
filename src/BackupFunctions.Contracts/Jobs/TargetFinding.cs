namespace BackupFunctions.Contracts.Jobs;

/// <param name="Check">What was looked at: connect, clock, credentials, write, ...</param>
/// <param name="Status">How it went.</param>
/// <param name="Detail">One sentence; with cause and remedy unless all is well.</param>
public sealed record TargetFinding(string Check, CheckStatus Status, string Detail);

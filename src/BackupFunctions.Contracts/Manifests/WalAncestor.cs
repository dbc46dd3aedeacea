namespace BackupFunctions.Contracts.Manifests;

/// <summary>A timeline that the one at hand descends from, as the server's history file says.</summary>
/// <param name="Timeline">From 1.</param>
/// <param name="EndLsn">Where its child left it, for example 0/16B3748.</param>
public sealed record WalAncestor(int Timeline, string EndLsn);

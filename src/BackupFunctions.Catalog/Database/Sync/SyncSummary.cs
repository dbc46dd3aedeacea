namespace BackupFunctions.Catalog.Database.Sync;

/// <summary>What one synchronisation did.</summary>
/// <param name="IsRebuild">A fresh generation took the old one's place.</param>
/// <param name="Listed">Backup ids that storage lists, finished or not.</param>
/// <param name="Read">Of them: read anew, because they are new, changed, not in order, or their time had come.</param>
/// <param name="Jobs">Runs read anew.</param>
/// <param name="Seconds">It took.</param>
/// <param name="Unreachable">A sentence for each target that is away: what was known of it stays.</param>
public sealed record SyncSummary(bool IsRebuild, int Listed, int Read, int Jobs, double Seconds, IReadOnlyList<string> Unreachable);

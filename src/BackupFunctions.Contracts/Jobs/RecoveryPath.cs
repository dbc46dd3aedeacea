namespace BackupFunctions.Contracts.Jobs;

/// <summary>How a point of a server's log is reached from a base backup, as chosen before the first byte is fetched.</summary>
/// <param name="Server">The server that was backed up, by its name in the settings then.</param>
/// <param name="Point">What was asked for.</param>
/// <param name="Timeline">The timeline to follow.</param>
/// <param name="EndLsn">Where the log ended when the path was chosen; it may go on meanwhile.</param>
public sealed record RecoveryPath(string Server, WantedPoint Point, int Timeline, string EndLsn);

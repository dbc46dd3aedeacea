namespace BackupFunctions.Contracts.Jobs;

/// <summary>A point of a server's write-ahead log to recover to; at most one of the two. Neither: the newest there is.</summary>
/// <param name="Time">Everything committed up to then, by the server's clock.</param>
/// <param name="Lsn">For example 0/16B3748.</param>
public sealed record WantedPoint(DateTimeOffset? Time, string? Lsn);

namespace BackupFunctions.Postgres.Replication;

/// <summary>Where a server was at a time: everything that it had flushed then lies before a position.</summary>
/// <param name="At">By the server's clock, read before <paramref name="FlushedLsn"/>.</param>
/// <param name="FlushedLsn">Bytes.</param>
/// <param name="Timeline">That the server writes, from 1.</param>
/// <param name="SystemIdentifier">Digits: a name may lead to another server by now.</param>
public sealed record ServerMoment(DateTimeOffset At, ulong FlushedLsn, int Timeline, string SystemIdentifier);

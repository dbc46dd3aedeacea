namespace BackupFunctions.Retention.State;

/// <summary>One object of archived write-ahead log: a segment, whole or partial.</summary>
/// <param name="SystemId">The server's system identifier.</param>
/// <param name="Timeline">From 1.</param>
/// <param name="StartLsn">First byte.</param>
/// <param name="EndLsn">Behind its last byte.</param>
/// <param name="At">When it was archived: what it holds is older.</param>
/// <param name="Name">The object's name, below its server's folder.</param>
/// <param name="Targets">Where it lies.</param>
public sealed record KnownWal(
    string SystemId, int Timeline, ulong StartLsn, ulong EndLsn, DateTimeOffset At, string Name, IReadOnlyList<string> Targets);

namespace BackupFunctions.Storage.Failover;

public sealed record FailoverReaderOptions
{
    /// <summary>Longest silence of a target, at opening and between bytes, whatever its own time-outs are.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Another target is asked as well when opening or the next block takes so long, or four times the median of the blocks before if that
    /// is more. The first to deliver is read on.
    /// </summary>
    public TimeSpan HedgeDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Bytes for each second of waiting; a target that stays below while it is waited for <see cref="SlowWindow"/> is left for another.</summary>
    public long SlowestRate { get; init; } = 64 * 1024;

    /// <summary>How long, in seconds spent waiting for bytes, a target may stay below <see cref="SlowestRate"/>.</summary>
    public TimeSpan SlowWindow { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a target that failed or was slow is tried last, unless it served an object since.</summary>
    public TimeSpan Memory { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Keeps that memory from one process to the next; null: each reader begins without.</summary>
    public ITargetHealthStore? HealthStore { get; init; }

    /// <summary>Called at every switch, on the reading thread.</summary>
    public Action<FailoverEvent>? OnFailover { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}

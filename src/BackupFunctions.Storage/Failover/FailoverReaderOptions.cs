namespace BackupFunctions.Storage.Failover;

public sealed record FailoverReaderOptions
{
    /// <summary>Longest silence of a target, at opening and between bytes, whatever its own time-outs are.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a target that failed is tried last.</summary>
    public TimeSpan Memory { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Called at every switch, on the reading thread.</summary>
    public Action<FailoverEvent>? OnFailover { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}

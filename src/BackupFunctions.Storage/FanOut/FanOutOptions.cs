namespace BackupFunctions.Storage.FanOut;

public sealed record FanOutOptions
{
    public static readonly TimeSpan DefaultSlowTargetAllowance = TimeSpan.FromSeconds(60);

    /// <summary>A target that takes nothing for so long has failed.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// For how long, all in all, a session waits for one target while the others are ready, or a quarter of its own age if that is more.
    /// A target beyond it is left out, unless its copy is required.
    /// </summary>
    public TimeSpan SlowTargetAllowance { get; init; } = DefaultSlowTargetAllowance;

    public TimeProvider Time { get; init; } = TimeProvider.System;
}

namespace BackupFunctions.Jobs.Wal.Push;

/// <summary>How much one call of 'pgdr wal push' takes on beside the file that was asked for.</summary>
public sealed record WalPushOptions
{
    /// <summary>Files archived at a time.</summary>
    public int Jobs { get; init; } = Math.Clamp(Environment.ProcessorCount, 2, 8);

    /// <summary>Files of one call; 1: only what was asked for.</summary>
    public int Files { get; init; } = 256;

    /// <summary>No further file is begun after this time: the server, which waits, may be about to stop.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(10);
}

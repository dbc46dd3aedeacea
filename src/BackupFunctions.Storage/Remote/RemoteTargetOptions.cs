namespace BackupFunctions.Storage.Remote;

/// <summary>What all targets over HTTP have in common: parts, memory, and patience.</summary>
public abstract record RemoteTargetOptions
{
    /// <summary>Bytes of every part but the last (R2 wants them equal). Times the most parts of the store, this is the largest object.</summary>
    public int PartSize { get; init; } = 8 * 1024 * 1024;

    /// <summary>Parts under way at once, over all objects of this target: bounds its memory together with <see cref="PartSize"/>.</summary>
    public int Concurrency { get; init; } = 2;

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long the store may stay silent: without an answer, or without a byte in the middle of one. Twice that after the last byte
    /// of an upload, which the network may still carry, and four times while it joins the parts of an object.
    /// </summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>No new attempt of a write begins after this.</summary>
    public TimeSpan RetryBudget { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>No new attempt of a read begins after this; short where another target can serve it.</summary>
    public TimeSpan ReadRetryBudget { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Parts of one object, by the rules of the store.</summary>
    internal abstract int MostParts { get; }

    /// <summary>Pause before the first repetition; it doubles up to 8 s.</summary>
    internal virtual TimeSpan FirstPause => TimeSpan.FromMilliseconds(300);
}

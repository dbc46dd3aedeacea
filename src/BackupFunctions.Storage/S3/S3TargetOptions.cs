namespace BackupFunctions.Storage.S3;

/// <summary>How to reach a bucket of any S3-compatible store.</summary>
public sealed record S3TargetOptions
{
    /// <summary>The smallest part that S3 accepts, but for the last one.</summary>
    public const int SmallestPartSize = 5 * 1024 * 1024;

    /// <summary>With scheme, for example https://s3.eu-central-003.backblazeb2.com.</summary>
    public required string Endpoint { get; init; }

    /// <summary>As the store wants it in signatures; R2: auto.</summary>
    public required string Region { get; init; }

    public required string Bucket { get; init; }

    public required string AccessKey { get; init; }

    public required string SecretKey { get; init; }

    /// <summary>Bucket in the path instead of the host name; every store in use understands it.</summary>
    public bool PathStyle { get; init; } = true;

    /// <summary>Bytes of every part but the last (R2 wants them equal). Objects may have 10,000 parts: 80 GiB at 8 MiB.</summary>
    public int PartSize { get; init; } = 8 * 1024 * 1024;

    /// <summary>Parts under way at once, over all objects of this target: bounds its memory together with <see cref="PartSize"/>.</summary>
    public int Concurrency { get; init; } = 2;

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long the store may stay silent: without an answer, or without a byte in the middle of one. Twice that after the last byte
    /// of an upload, which the network may still carry, and four times while it joins the parts of an object.
    /// </summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>No new attempt of a write begins after this; reads give up at a third, since another target can serve them.</summary>
    public TimeSpan RetryBudget { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Of S3, R2 and B2 alike; smaller in tests only.</summary>
    internal int MaximumParts { get; init; } = 10_000;

    /// <summary>Without the secret.</summary>
    public override string ToString() => $"{Endpoint} bucket {Bucket}, access key id {AccessKey}";
}

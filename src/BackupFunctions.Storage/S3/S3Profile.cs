namespace BackupFunctions.Storage.S3;

/// <summary>
/// In what the stores that speak S3 differ. All take Content-MD5, parts of 5 MiB or more and equal size, and 10,000 of them; none is
/// sent aws-chunked bodies or checksum trailers.
/// </summary>
public sealed record S3Profile
{
    /// <summary>An unknown store: asked for nothing beyond the common ground.</summary>
    public static readonly S3Profile Generic = new() { Name = "generic" };

    /// <summary>Amazon S3 user guide, "Conditional requests": on both kinds of writes.</summary>
    public static readonly S3Profile Aws = new()
    {
        Name = "aws",
        ConditionalPut = true,
        ConditionalComplete = true,
        Lock = S3LockKind.ObjectLock,
    };

    /// <summary>Cloudflare R2: one write per second to one key (429 beyond), conditional PutObject only, lock rules of the bucket.</summary>
    public static readonly S3Profile R2 = new()
    {
        Name = "r2",
        ConditionalPut = true,
        FirstPause = TimeSpan.FromSeconds(1),
        Lock = S3LockKind.BucketRules,
    };

    /// <summary>Backblaze B2: no conditional writes (501), Object Lock, 503 as its way to ask for a pause.</summary>
    public static readonly S3Profile B2 = new() { Name = "b2", FirstPause = TimeSpan.FromSeconds(1), Lock = S3LockKind.ObjectLock };

    /// <summary>Ceph RADOS Gateway, measured with 20.2.</summary>
    public static readonly S3Profile Ceph = new()
    {
        Name = "ceph",
        ConditionalPut = true,
        ConditionalComplete = true,
        Lock = S3LockKind.ObjectLock,
    };

    private static readonly S3Profile[] All = [Generic, Aws, R2, B2, Ceph];

    public required string Name { get; init; }

    /// <summary>Refuses PutObject with If-None-Match: * when the key is taken.</summary>
    public bool ConditionalPut { get; init; }

    /// <summary>The same for CompleteMultipartUpload.</summary>
    public bool ConditionalComplete { get; init; }

    /// <summary>Pause before the first repetition of a request; it doubles.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(300);

    public S3LockKind Lock { get; init; }

    /// <summary>Of one object.</summary>
    public int MostParts { get; init; } = 10_000;

    /// <summary>Names that settings may choose.</summary>
    public static IReadOnlyList<string> Names => [.. All.Select(profile => profile.Name)];

    /// <summary>Null: no profile of that name.</summary>
    public static S3Profile? Named(string name) => Array.Find(All, profile => profile.Name.Equals(name, StringComparison.Ordinal));

    /// <summary>By the host names of the services; any other is <see cref="Generic"/>.</summary>
    public static S3Profile Of(Uri endpoint) => endpoint.Host switch
    {
        var host when IsBelow(host, "r2.cloudflarestorage.com") => R2,
        var host when IsBelow(host, "backblazeb2.com") => B2,
        var host when IsBelow(host, "amazonaws.com") || IsBelow(host, "amazonaws.com.cn") => Aws,
        _ => Generic,
    };

    private static bool IsBelow(string host, string domain) => host.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase);
}

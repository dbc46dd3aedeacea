namespace BackupFunctions.Settings;

/// <summary>One storage target: a folder, or a bucket of an S3-compatible service.</summary>
public sealed record TargetSettings
{
    public required string Name { get; init; }
    public required TargetType Type { get; init; }

    /// <summary>Local: the folder.</summary>
    public string? Path { get; init; }

    /// <summary>S3: for example https://s3.eu-central-003.backblazeb2.com.</summary>
    public Uri? Endpoint { get; init; }
    public string? Region { get; init; }
    public string? Bucket { get; init; }
    public string? AccessKey { get; init; }
    public SecretSource? SecretKey { get; init; }
}

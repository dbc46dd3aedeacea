using BackupFunctions.Storage.Remote;

namespace BackupFunctions.Storage.S3;

/// <summary>How to reach a bucket of any S3-compatible store.</summary>
public sealed record S3TargetOptions : RemoteTargetOptions
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

    /// <summary>What this store can do.</summary>
    public S3Profile Profile { get; init; } = S3Profile.Generic;

    /// <summary>Set on every object of a backup; null: none.</summary>
    public LockPolicy? Lock { get; init; }

    internal override int MostParts => Profile.MostParts;

    internal override TimeSpan FirstPause => Profile.FirstPause;

    /// <summary>Without the secret.</summary>
    public override string ToString() => $"{Endpoint} bucket {Bucket}, access key id {AccessKey}";
}

using BackupFunctions.Contracts;

namespace BackupFunctions.Settings;

/// <summary>One storage target: a folder, a bucket of an S3-compatible service, or a container of Azure Blob Storage.</summary>
public sealed record TargetSettings
{
    public required string Name { get; init; }
    public required TargetType Type { get; init; }

    /// <summary>Local: the folder.</summary>
    public string? Path { get; init; }

    /// <summary>S3: for example https://s3.eu-central-003.backblazeb2.com. Azure Blob: https://ACCOUNT.blob.core.windows.net.</summary>
    public Uri? Endpoint { get; init; }
    public string? Region { get; init; }
    public string? Bucket { get; init; }
    public string? AccessKey { get; init; }
    public SecretSource? SecretKey { get; init; }

    /// <summary>S3: aws, r2, b2, ceph, generic; null: by the endpoint.</summary>
    public string? Profile { get; init; }

    /// <summary>Azure Blob: null only with the SAS URL of a container.</summary>
    public string? Container { get; init; }
    public SecretSource? ConnectionString { get; init; }
    public SecretSource? SasUrl { get; init; }

    /// <summary>Azure Blob: null where the endpoint names it.</summary>
    public string? AccountName { get; init; }
    public SecretSource? AccountKey { get; init; }

    /// <summary>Azure Blob: of a user-assigned managed identity.</summary>
    public string? ClientId { get; init; }

    /// <summary>S3 and Azure Blob: how the objects of a backup are locked once it is written; null: not.</summary>
    public ObjectLockMode? ObjectLock { get; init; }

    /// <summary>From the end of the backup on; 0 without <see cref="ObjectLock"/>.</summary>
    public int ObjectLockDays { get; init; }
}

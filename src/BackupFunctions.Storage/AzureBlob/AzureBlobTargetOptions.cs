using BackupFunctions.Storage.Remote;

namespace BackupFunctions.Storage.AzureBlob;

/// <summary>
/// How to reach a container of Azure Blob Storage. One credential: a connection string, a SAS URL, an account key, or (none of them)
/// the identity that Azure gives this machine.
/// </summary>
public sealed record AzureBlobTargetOptions : RemoteTargetOptions
{
    /// <summary>Of the account, for example https://ACCOUNT.blob.core.windows.net; not with a connection string or a SAS URL.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>May be left out with the SAS URL of a container.</summary>
    public string? Container { get; init; }

    public string? ConnectionString { get; init; }

    /// <summary>Of a container or of an account, with its signature.</summary>
    public string? SasUrl { get; init; }

    /// <summary>Null: as the endpoint names it.</summary>
    public string? AccountName { get; init; }

    /// <summary>Base64.</summary>
    public string? AccountKey { get; init; }

    /// <summary>Of a user-assigned managed identity; null: the machine's own one.</summary>
    public string? ClientId { get; init; }

    /// <summary>Set on every blob of a backup as an immutability policy; null: none.</summary>
    public LockPolicy? Lock { get; init; }

    /// <summary>"Put Block List": 50,000 blocks.</summary>
    internal override int MostParts => MaximumBlocks;

    /// <summary>Smaller in tests only.</summary>
    internal int MaximumBlocks { get; init; } = 50_000;

    /// <summary>Without secrets.</summary>
    public override string ToString() => $"{Endpoint?.GetLeftPart(UriPartial.Path)} container {Container}";
}

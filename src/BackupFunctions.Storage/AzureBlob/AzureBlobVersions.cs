using System.Net;
using Azure;
using Azure.Storage.Blobs.Models;

namespace BackupFunctions.Storage.AzureBlob;

/// <summary>
/// Versions of blobs. The service refuses to delete the current version by its id (OperationNotAllowedOnRootBlob): the blob is deleted
/// first, which makes it a previous version. Soft delete of the account keeps what was deleted for its own days.
/// </summary>
internal sealed class AzureBlobVersions(AzureBlobConnection connection)
{
    /// <summary>Azure role-based access control, "Storage Blob Data Owner"; the role Contributor lacks it.</summary>
    public const string DeletePermission = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/deleteBlobVersion/action (or x in a SAS)";

    public static StoredVersion Of(BlobItem blob) => new(blob.Name, blob.VersionId ?? "", blob.Properties.ContentLength ?? 0)
    {
        // Without versioning the service leaves both out.
        IsLatest = blob.IsLatestVersion ?? blob.VersionId is null,
        LastModified = blob.Properties.LastModified ?? default,
    };

    public Task DeleteAsync(string key, string versionId, CancellationToken cancellationToken)
    {
        var doing = $"deleting version {versionId} of {key}";
        return connection.WriteAsync(
            doing,
            async clock =>
            {
                try
                {
                    if (!await TryDeleteAsync(key, versionId, clock))
                    {
                        await connection.Container.GetBlobClient(key).DeleteAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: clock.Token);
                        await TryDeleteAsync(key, versionId, clock);
                    }
                }
                catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.BlobNotFound)
                {
                    // Gone already.
                }
                catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.Forbidden && e.ErrorCode == BlobErrorCode.AuthorizationPermissionMismatch)
                {
                    throw connection.BlobErrors.Forbidden(doing, DeletePermission, e);
                }

                return true;
            },
            cancellationToken);
    }

    /// <returns>False: it is the current version.</returns>
    private async Task<bool> TryDeleteAsync(string key, string versionId, StallClock clock)
    {
        try
        {
            await connection.Container.GetBlobClient(key).WithVersion(versionId).DeleteAsync(cancellationToken: clock.Token);
            return true;
        }
        catch (RequestFailedException e) when (e.ErrorCode is "OperationNotAllowedOnRootBlob")
        {
            return false;
        }
    }
}

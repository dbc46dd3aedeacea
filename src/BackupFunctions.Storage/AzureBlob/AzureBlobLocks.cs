using System.Net;
using Azure;
using Azure.Storage.Blobs.Models;
using BackupFunctions.Contracts;

namespace BackupFunctions.Storage.AzureBlob;

/// <summary>
/// Immutability policies of single blobs (Azure Storage REST reference, "Set Blob Immutability Policy"): unlocked for governance, locked
/// for compliance. They need version-level immutability support of the container.
/// </summary>
internal sealed class AzureBlobLocks(AzureBlobConnection connection)
{
    /// <summary>When the policy of the blob ends; null: none of its own. One of the whole container tells no end.</summary>
    public Task<DateTimeOffset?> FindAsync(string key, CancellationToken cancellationToken) => connection.ReadAsync(
        $"reading the immutability policy of {key}",
        async clock =>
        {
            try
            {
                var properties = (await connection.Container.GetBlobClient(key).GetPropertiesAsync(cancellationToken: clock.Token)).Value;
                return properties.ImmutabilityPolicy?.ExpiresOn;
            }
            catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.BlobNotFound)
            {
                return null;
            }
        },
        cancellationToken);

    public Task SetAsync(string key, ObjectLockMode mode, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var doing = $"setting an immutability policy on {key}";
        var policy = new BlobImmutabilityPolicy
        {
            ExpiresOn = until,
            PolicyMode = mode == ObjectLockMode.Compliance ? BlobImmutabilityPolicyMode.Locked : BlobImmutabilityPolicyMode.Unlocked,
        };
        return connection.WriteAsync(
            doing,
            async clock =>
            {
                try
                {
                    await connection.Container.GetBlobClient(key).SetImmutabilityPolicyAsync(policy, cancellationToken: clock.Token);
                    return true;
                }
                catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.BlobNotFound)
                {
                    throw connection.Errors.Absent(key, e);
                }
                catch (RequestFailedException e) when (e.Status is (int)HttpStatusCode.NotImplemented or (int)HttpStatusCode.Conflict or (int)HttpStatusCode.BadRequest)
                {
                    throw connection.BlobErrors.WithoutPolicies(doing, e);
                }
            },
            cancellationToken);
    }
}

using System.Net;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;

namespace BackupFunctions.Storage.S3;

/// <summary>
/// Versions of a bucket. One without versioning names each object's only version "null". Governance is never bypassed. Permissions: Amazon
/// S3 user guide, "Required permissions for Amazon S3 API operations".
/// </summary>
internal sealed class S3Versions(S3Connection connection, S3ObjectLocks locks)
{
    public const string ListPermission = "s3:ListBucketVersions";
    public const string DeletePermission = "s3:DeleteObjectVersion";

    private string Bucket => connection.Options.Bucket;

    /// <summary>Page by page; none where the store has no such request.</summary>
    public async IAsyncEnumerable<ListVersionsResponse> PagesAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListVersionsRequest { BucketName = Bucket, Prefix = prefix };
        var more = connection.Options.Profile.Lock != S3LockKind.BucketRules;
        while (more && await PageAsync(request, cancellationToken) is { } page)
        {
            yield return page;
            (request.KeyMarker, request.VersionIdMarker) = (page.NextKeyMarker, page.NextVersionIdMarker);
            more = page.IsTruncated == true;
        }
    }

    public Task DeleteAsync(string key, string versionId, CancellationToken cancellationToken)
    {
        var doing = $"deleting version {versionId} of {key}";
        return connection.WriteAsync(
            doing,
            async clock =>
            {
                try
                {
                    await connection.Client.DeleteObjectAsync(Bucket, key, versionId, clock.Token);
                }
                catch (AmazonS3Exception e) when (e.ErrorCode is "NoSuchVersion" or "NoSuchKey")
                {
                    // Gone already.
                }
                catch (AmazonS3Exception e) when (e.ErrorCode is "AccessDenied" or "InvalidRequest" or "MethodNotAllowed")
                {
                    // Stores refuse a locked version and a missing right with the same answer.
                    if (await locks.HoldsAsync(key, versionId, e, clock))
                    {
                        throw connection.S3Errors.Locked($"version {versionId} of {key} is locked in bucket {Bucket} and cannot be deleted before the lock ends", e);
                    }

                    if (e.StatusCode == HttpStatusCode.Forbidden)
                    {
                        throw connection.S3Errors.Forbidden(doing, DeletePermission, e);
                    }

                    throw;
                }

                return true;
            },
            cancellationToken);
    }

    private Task<ListVersionsResponse?> PageAsync(ListVersionsRequest request, CancellationToken cancellationToken)
    {
        var doing = $"listing the versions below '{request.Prefix}'";
        return connection.ReadAsync<ListVersionsResponse?>(
            doing,
            async clock =>
            {
                try
                {
                    return await connection.Client.ListVersionsAsync(request, clock.Token);
                }
                catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotImplemented && request.KeyMarker is null)
                {
                    return null;
                }
                catch (AmazonS3Exception e) when (e.ErrorCode is "AccessDenied")
                {
                    throw connection.S3Errors.Forbidden(doing, ListPermission, e);
                }
            },
            cancellationToken);
    }
}

using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using ObjectLockMode = BackupFunctions.Contracts.ObjectLockMode;

namespace BackupFunctions.Storage.S3;

/// <summary>Object Lock: retention of single objects. Answers: Amazon S3 API reference, GetObjectRetention and PutObjectRetention.</summary>
internal sealed class S3ObjectLocks(S3Connection connection)
{
    public const string ReadPermission = "s3:GetObjectRetention";
    public const string WritePermission = "s3:PutObjectRetention";

    private volatile bool _bucketHasNone;

    private string Bucket => connection.Options.Bucket;

    /// <summary>When the lock of the present version ends; null: none.</summary>
    public async Task<DateTimeOffset?> FindAsync(string key, CancellationToken cancellationToken)
    {
        if (connection.Options.Profile.Lock == S3LockKind.BucketRules || _bucketHasNone)
        {
            return null;
        }

        var doing = $"reading the lock of {key}";
        return await connection.ReadAsync(
            doing,
            async clock =>
            {
                try
                {
                    return await RetentionAsync(key, versionId: null, clock);
                }
                catch (AmazonS3Exception e) when (e.ErrorCode is "InvalidRequest" or "NotImplemented" || e.StatusCode == HttpStatusCode.NotImplemented)
                {
                    // The answer of a bucket that was not made for locks, and of a store without them: no object of it is asked for again.
                    _bucketHasNone = true;
                    return null;
                }
                catch (AmazonS3Exception e) when (e.ErrorCode is "AccessDenied")
                {
                    throw connection.S3Errors.Forbidden(doing, ReadPermission, e);
                }
            },
            cancellationToken);
    }

    /// <param name="key">Of an object.</param>
    /// <param name="mode">How strict.</param>
    /// <param name="until">UTC.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public Task SetAsync(string key, ObjectLockMode mode, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var doing = $"locking {key}";
        var request = new PutObjectRetentionRequest
        {
            BucketName = Bucket,
            Key = key,
            Retention = new ObjectLockRetention
            {
                Mode = mode == ObjectLockMode.Compliance ? ObjectLockRetentionMode.Compliance : ObjectLockRetentionMode.Governance,
                RetainUntilDate = until.UtcDateTime,
            },
        };
        return connection.WriteAsync(
            doing,
            async clock =>
            {
                try
                {
                    await connection.Client.PutObjectRetentionAsync(request, clock.Token);
                    return true;
                }
                catch (AmazonS3Exception e) when (e.ErrorCode is "NoSuchKey")
                {
                    throw connection.Errors.Absent(key, e);
                }
                catch (AmazonS3Exception e) when (e.ErrorCode is "AccessDenied")
                {
                    throw connection.S3Errors.Forbidden(doing, WritePermission, e);
                }
                catch (AmazonS3Exception e) when (e.ErrorCode is "InvalidRequest" || e.StatusCode == HttpStatusCode.NotImplemented)
                {
                    throw connection.S3Errors.WithoutLocks(e);
                }
            },
            cancellationToken);
    }

    /// <summary>Whether a lock is why the store refused to delete this version.</summary>
    public async Task<bool> HoldsAsync(string key, string versionId, AmazonS3Exception refusal, StallClock clock)
    {
        if (refusal.Message.Contains("object lock", StringComparison.OrdinalIgnoreCase) || refusal.Message.Contains("WORM", StringComparison.Ordinal))
        {
            return true;
        }

        try
        {
            return await RetentionAsync(key, versionId, clock) > TimeProvider.System.GetUtcNow() || await IsHeldAsync(key, versionId, clock);
        }
        catch (AmazonS3Exception)
        {
            // It does not tell: the refusal stands as what it says it is.
            return false;
        }
    }

    private async Task<DateTimeOffset?> RetentionAsync(string key, string? versionId, StallClock clock)
    {
        try
        {
            var answer = await connection.Client.GetObjectRetentionAsync(
                new GetObjectRetentionRequest { BucketName = Bucket, Key = key, VersionId = versionId }, clock.Token);
            return answer.Retention?.RetainUntilDate is { } until ? new DateTimeOffset(until.ToUniversalTime()) : null;
        }
        catch (AmazonS3Exception e) when (IsUnlocked(e))
        {
            return null;
        }
    }

    private async Task<bool> IsHeldAsync(string key, string versionId, StallClock clock)
    {
        try
        {
            var answer = await connection.Client.GetObjectLegalHoldAsync(
                new GetObjectLegalHoldRequest { BucketName = Bucket, Key = key, VersionId = versionId }, clock.Token);
            return answer.LegalHold?.Status == ObjectLockLegalHoldStatus.On;
        }
        catch (AmazonS3Exception e) when (IsUnlocked(e))
        {
            return false;
        }
    }

    /// <summary>The object has no lock, or is absent or hidden by a deletion.</summary>
    private static bool IsUnlocked(AmazonS3Exception e) =>
        e.ErrorCode is "NoSuchObjectLockConfiguration" or "ObjectLockConfigurationNotFoundError" or "NoSuchKey" or "NoSuchVersion" or "MethodNotAllowed";
}

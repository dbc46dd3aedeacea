using System.Net;
using Amazon.Runtime;
using BackupFunctions.Contracts;
using BackupFunctions.Storage.Remote;

namespace BackupFunctions.Storage.S3;

/// <summary>Turns what a store answers into the codes of storage. Names of errors: Amazon S3 API reference, "Error responses".</summary>
internal sealed class S3Errors(string target, S3TargetOptions options) : RemoteErrors(target, options.Endpoint)
{
    /// <summary>HTTP 409 of R2, Cloudflare documentation "Bucket locks".</summary>
    public const string BucketRuleHolds = "ObjectLockedByBucketPolicy";

    private const HttpStatusCode NoAnswer = default;

    public override bool IsTransient(Exception exception) => exception switch
    {
        StorageException e => e.Code is ErrorCodes.TargetUnreachable,
        AmazonServiceException { StatusCode: not NoAnswer } e =>
            (int)e.StatusCode is 408 or 429 or (>= 500 and not 501 and not 507) || e.ErrorCode is "RequestTimeout" or "SlowDown" or "BadDigest" or "ConditionalRequestConflict",
        AmazonServiceException or HttpRequestException or IOException or TimeoutException => true,
        // The caller's cancellation ends retries anyway; any other is the connect time-out of the handler.
        OperationCanceledException => true,
        AmazonClientException e => e.InnerException is not null && IsTransient(e.InnerException),
        _ => false,
    };

    /// <param name="doing">What was asked.</param>
    /// <param name="permission">What it takes, in the words of S3 policies.</param>
    /// <param name="e">The refusal.</param>
    public StorageException Forbidden(string doing, string permission, AmazonServiceException e) => Refused(
        $"it answered {Answer(e, (int)e.StatusCode)} to {doing}: allow access key id {options.AccessKey} {permission} in bucket {options.Bucket}", e);

    public StorageException WithoutLocks(AmazonServiceException e) => Refused(
        $"bucket {options.Bucket} has no Object Lock (it answered {Answer(e, (int)e.StatusCode)}): use a bucket that was created with Object Lock, "
        + "or set ObjectLock of this target to none", e);

    protected override StorageException? Answered(string doing, Exception exception) =>
        exception is AmazonServiceException { StatusCode: not NoAnswer } e ? Answered(doing, e) : null;

    private StorageException Answered(string doing, AmazonServiceException e)
    {
        var status = (int)e.StatusCode;
        if (e.ErrorCode is "NoSuchBucket")
        {
            return Refused($"bucket {options.Bucket} does not exist at {Place}: create it or correct the setting", e);
        }

        if (IsQuota(e, status))
        {
            return Full(doing, Answer(e, status), $"bucket {options.Bucket}", e);
        }

        if (IsTransient(e))
        {
            return AnsweredUnreachable(doing, status, Answer(e, status), e);
        }

        return e.ErrorCode switch
        {
            // R2: a lock rule of the bucket, also against replacing an object.
            BucketRuleHolds => Locked($"a lock rule of bucket {options.Bucket} forbids {doing} until it ends", e),
            "RequestTimeTooSkewed" => Refused("the clock of this machine is wrong: set it (NTP)", e),
            "AuthorizationHeaderMalformed" or "PermanentRedirect" => Refused(
                $"region '{options.Region}' or endpoint {Place} is not the bucket's: correct these settings", e),
            _ when e.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized => Refused(
                $"it answered {Answer(e, status)} to {doing}: check that access key id {options.AccessKey} may do this in bucket {options.Bucket}, "
                + "and that the secret key in the settings belongs to it", e),
            _ => Refused($"it answered {Answer(e, status)} to {doing} in bucket {options.Bucket}", e),
        };
    }

    /// <summary>Names of AWS and Ceph, MinIO and Backblaze.</summary>
    private static bool IsQuota(AmazonServiceException e, int status) =>
        status == 507 || e.ErrorCode is "QuotaExceeded" or "XMinioStorageFull" or "XMinioAdminBucketQuotaExceeded"
        || e.Message.Contains("cap exceeded", StringComparison.OrdinalIgnoreCase);

    private static string Answer(AmazonServiceException e, int status) =>
        string.IsNullOrEmpty(e.ErrorCode) ? $"HTTP {status}" : $"HTTP {status} {e.ErrorCode}";
}

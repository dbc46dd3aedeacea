using System.Net;
using Amazon.Runtime;
using BackupFunctions.Contracts;

namespace BackupFunctions.Storage.S3;

/// <summary>Turns what a store answers into the codes of storage. Names of errors: Amazon S3 API reference, "Error responses".</summary>
internal sealed class S3Errors(string target, S3TargetOptions options)
{
    private const HttpStatusCode NoAnswer = default;

    public static bool IsTransient(Exception exception) => exception switch
    {
        StorageException e => e.Code is ErrorCodes.TargetUnreachable,
        AmazonServiceException { StatusCode: not NoAnswer } e =>
            (int)e.StatusCode is 408 or 429 or (>= 500 and not 501 and not 507) || e.ErrorCode is "RequestTimeout" or "SlowDown" or "BadDigest",
        AmazonServiceException or HttpRequestException or IOException or TimeoutException => true,
        // The caller's cancellation ends retries anyway; any other is the connect time-out of the handler.
        OperationCanceledException => true,
        AmazonClientException e => e.InnerException is not null && IsTransient(e.InnerException),
        _ => false,
    };

    public StorageException Translate(string doing, Exception exception) => exception switch
    {
        StorageException e => e,
        AmazonServiceException { StatusCode: not NoAnswer } e => Answered(doing, e),
        _ => Unreachable(doing, Innermost(exception).Message.TrimEnd('.'), exception),
    };

    public StorageException Stalled(string doing, TimeSpan silence, Exception inner) =>
        Unreachable(doing, $"not a byte for {silence.TotalSeconds:0.#} s", inner);

    public StorageException Unreachable(string doing, string cause, Exception? inner = null) => new(
        ErrorCodes.TargetUnreachable, target,
        $"Target {target} is unreachable while {doing} at {options.Endpoint}: {cause}; check the endpoint and the network.", inner);

    public StorageException Absent(string key, Exception? inner = null) =>
        new(ErrorCodes.ObjectAbsent, target, $"Target {target} does not hold {key}.", inner);

    private StorageException Answered(string doing, AmazonServiceException e)
    {
        var status = (int)e.StatusCode;
        if (e.ErrorCode is "NoSuchBucket")
        {
            return Refused($"bucket {options.Bucket} does not exist at {options.Endpoint}: create it or correct the setting", e);
        }

        if (IsQuota(e, status))
        {
            return new StorageException(
                ErrorCodes.TargetFull, target,
                $"Target {target} is full: it answered {Answer(e, status)} to {doing} in bucket {options.Bucket}; raise its quota or free space.", e);
        }

        if (IsTransient(e))
        {
            return Unreachable(doing, $"it answered {Answer(e, status)}", e);
        }

        return e.ErrorCode switch
        {
            "RequestTimeTooSkewed" => Refused("the clock of this machine is wrong: set it (NTP)", e),
            "AuthorizationHeaderMalformed" or "PermanentRedirect" => Refused(
                $"region '{options.Region}' or endpoint {options.Endpoint} is not the bucket's: correct these settings", e),
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

    private static Exception Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception;
    }

    private StorageException Refused(string cause, Exception e) =>
        new(ErrorCodes.TargetRefused, target, $"Target {target} refused: {cause}.", e);
}

using Amazon.Runtime;
using Amazon.S3;
using BackupFunctions.Contracts;
using BackupFunctions.Storage.Remote;

namespace BackupFunctions.Storage.S3;

/// <summary>
/// The settings R2 and B2 need (they reject checksum headers and aws-chunked bodies), and none of the SDK's own retries and time-outs:
/// those are <see cref="Retries"/> and <see cref="StallClock"/>, which tell a silent store from a slow one.
/// </summary>
internal static class S3ClientFactory
{
    public static AmazonS3Client Create(string target, S3TargetOptions options)
    {
        if (Problem(options) is { } problem)
        {
            throw new PgdrException(ErrorCodes.InvalidSettings, $"Target {target} cannot be used: {problem}.");
        }

        return new S3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), new AmazonS3Config
        {
            ServiceURL = options.Endpoint,
            AuthenticationRegion = options.Region,
            ForcePathStyle = options.PathStyle,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            MaxErrorRetry = 0,
            Timeout = Timeout.InfiniteTimeSpan,
            HttpClientFactory = new S3HttpClients(options.ConnectTimeout),
        });
    }

    private static string? Problem(S3TargetOptions options) => options switch
    {
        _ when !Uri.TryCreate(options.Endpoint, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")
            => $"its endpoint '{options.Endpoint}' is not an http(s) URL",
        { Region: "" } => "its region is empty",
        { Bucket: "" } => "its bucket is empty",
        { AccessKey: "" } => "its access key id is empty",
        { SecretKey: "" } => "its secret key is empty",
        { PartSize: < S3TargetOptions.SmallestPartSize } => $"its part size is below the {S3TargetOptions.SmallestPartSize} bytes of S3",
        { Concurrency: < 1 } => "its concurrency is below 1",
        { Lock: not null, Profile.Lock: S3LockKind.BucketRules }
            => "R2 has no Object Lock: set lock rules on the bucket in Cloudflare's console, and ObjectLock of this target to none",
        _ => null,
    };
}

using Amazon.S3;
using BackupFunctions.Storage.Remote;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Storage.S3;

/// <summary>A bucket and the client that reaches it.</summary>
internal sealed class S3Connection : RemoteConnection
{
    public S3Connection(string target, S3TargetOptions options, ILogger logger)
        : this(target, options, new S3Errors(target, options), logger)
    {
    }

    private S3Connection(string target, S3TargetOptions options, S3Errors errors, ILogger logger)
        : base(target, options, errors, logger) =>
        (Options, S3Errors, Client) = (options, errors, S3ClientFactory.Create(target, options));

    public S3TargetOptions Options { get; }

    public S3Errors S3Errors { get; }

    public AmazonS3Client Client { get; }

    public override void Dispose()
    {
        Client.Dispose();
        base.Dispose();
    }
}

using Amazon.S3;
using BackupFunctions.Storage.Remote;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Storage.S3;

/// <summary>A bucket and the client that reaches it.</summary>
internal sealed class S3Connection(string target, S3TargetOptions options, ILogger logger)
    : RemoteConnection(target, options, new S3Errors(target, options), logger)
{
    public S3TargetOptions Options => options;

    public AmazonS3Client Client { get; } = S3ClientFactory.Create(target, options);

    public override void Dispose()
    {
        Client.Dispose();
        base.Dispose();
    }
}

using System.Diagnostics.CodeAnalysis;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Util;
using Amazon.S3;
using Amazon.S3.Model;

namespace BackupFunctions.Storage.S3;

/// <summary>
/// Requests that S3 wants with a checksum carry Content-MD5, which every store takes: the SDK would send x-amz-checksum headers, which
/// B2 rejects.
/// </summary>
internal sealed class S3Client(AWSCredentials credentials, AmazonS3Config config) : AmazonS3Client(credentials, config)
{
    [SuppressMessage("Reliability", "CA2000", Justification = "The pipeline owns it.")]
    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        base.CustomizeRuntimePipeline(pipeline);
        pipeline.AddHandlerAfter<Marshaller>(new Md5Handler());
    }

    private sealed class Md5Handler : PipelineHandler
    {
        public override Task<T> InvokeAsync<T>(IExecutionContext executionContext)
        {
            if (executionContext.RequestContext.OriginalRequest is PutObjectRetentionRequest)
            {
                ChecksumUtils.SetChecksumData(executionContext.RequestContext.Request);
            }

            return base.InvokeAsync<T>(executionContext);
        }
    }
}

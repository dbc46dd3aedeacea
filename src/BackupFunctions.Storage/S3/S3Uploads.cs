using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using BackupFunctions.Storage.Remote;

namespace BackupFunctions.Storage.S3;

/// <summary>
/// PutObject, or a multipart upload. The store checks the MD5 that is sent; where its ETag is an MD5, so do we. Where the store can,
/// it is told not to replace an object.
/// </summary>
internal sealed class S3Uploads(S3Connection connection, string key) : IResumablePartUploads
{
    private string? _uploadId;

    /// <summary>Other copies of the same object may add to this upload and join it.</summary>
    private bool _shared;

    private string Bucket => connection.Options.Bucket;

    private S3Profile Profile => connection.Options.Profile;

    public async Task<bool> PutAsync(PartBuffer content, byte[] md5, CancellationToken cancellationToken)
    {
        var doing = $"writing {key}";
        return await connection.WriteAsync(
            doing,
            async clock =>
            {
                var request = new PutObjectRequest
                {
                    BucketName = Bucket,
                    Key = key,
                    InputStream = new UploadBody(content.Bytes, content.Count, clock),
                    MD5Digest = Convert.ToBase64String(md5),
                    UseChunkEncoding = false,
                    IfNoneMatch = Profile.ConditionalPut ? "*" : null,
                };
                try
                {
                    var response = await connection.Client.PutObjectAsync(request, clock.Token);
                    CheckETag(doing, response.ETag, response.ServerSideEncryptionMethod, md5);
                    return true;
                }
                catch (AmazonS3Exception e) when (IsTaken(e) && Profile.ConditionalPut)
                {
                    return false;
                }
            },
            cancellationToken);
    }

    public async Task BeginAsync(CancellationToken cancellationToken) => _uploadId = await connection.WriteAsync(
        $"writing {key}",
        async clock => (await connection.Client.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest { BucketName = Bucket, Key = key }, clock.Token)).UploadId,
        cancellationToken);

    public async Task<IReadOnlyCollection<StoredPart>> TakeUpAsync(long size, CancellationToken cancellationToken)
    {
        _shared = true;
        var unfinished = new S3UnfinishedUploads(connection);
        if (await unfinished.FindAsync(key, size, cancellationToken) is { } found)
        {
            _uploadId = found.UploadId;
            return found.Parts;
        }

        await BeginAsync(cancellationToken);
        return [];
    }

    public bool IsEnded(StorageException answer) => answer.InnerException is AmazonS3Exception { ErrorCode: "NoSuchUpload" or "InvalidPart" };

    public Task<string> PutPartAsync(int number, PartBuffer content, byte[] md5, CancellationToken cancellationToken)
    {
        var doing = $"writing part {number} of {key}";
        return connection.WriteAsync(
            doing,
            async clock =>
            {
                var response = await connection.Client.UploadPartAsync(
                    new UploadPartRequest
                    {
                        BucketName = Bucket,
                        Key = key,
                        UploadId = _uploadId,
                        PartNumber = number,
                        PartSize = content.Count,
                        InputStream = new UploadBody(content.Bytes, content.Count, clock),
                        MD5Digest = Convert.ToBase64String(md5),
                        UseChunkEncoding = false,
                    },
                    clock.Token);
                CheckETag(doing, response.ETag, response.ServerSideEncryptionMethod, md5);
                return response.ETag;
            },
            cancellationToken);
    }

    public async Task<bool> CompleteAsync(IReadOnlyList<StoredPart> parts, CancellationToken cancellationToken)
    {
        var request = new CompleteMultipartUploadRequest
        {
            BucketName = Bucket,
            Key = key,
            UploadId = _uploadId,
            PartETags = [.. parts.Select(part => new PartETag(part.Number, part.Id))],
            IfNoneMatch = Profile.ConditionalComplete ? "*" : null,
        };
        try
        {
            // Stores put the parts together before they answer, which takes a while for thousands of them.
            var patience = connection.StallTimeout * 4;
            await connection.WriteAsync(
                $"completing {key}", clock => connection.Client.CompleteMultipartUploadAsync(request, clock.Token), patience, cancellationToken);
            return true;
        }
        catch (StorageException e) when (!_shared && e.InnerException is AmazonS3Exception { ErrorCode: "NoSuchUpload" })
        {
            // The answer to an earlier attempt was lost after it had worked; the caller looks whether the object is there.
            return true;
        }
        catch (StorageException e) when (e.InnerException is AmazonS3Exception answer && IsTaken(answer) && (Profile.ConditionalComplete || answer.ErrorCode is S3Errors.BucketRuleHolds))
        {
            return false;
        }
    }

    public Task AbortAsync(CancellationToken cancellationToken) => connection.ReadAsync(
        $"aborting {key}",
        clock => connection.Client.AbortMultipartUploadAsync(
            new AbortMultipartUploadRequest { BucketName = Bucket, Key = key, UploadId = _uploadId }, clock.Token),
        cancellationToken);

    /// <summary>R2 looks at its lock rules before it looks at the condition.</summary>
    private static bool IsTaken(AmazonS3Exception e) =>
        e.StatusCode == HttpStatusCode.PreconditionFailed || e.ErrorCode is S3Errors.BucketRuleHolds;

    /// <summary>An ETag is the MD5 of the bytes unless the store encrypts with keys of a key service.</summary>
    private void CheckETag(string doing, string? eTag, ServerSideEncryptionMethod? encryption, byte[] md5)
    {
        var value = eTag?.Trim('"') ?? "";
        var isMd5 = value.Length == 32 && value.All(char.IsAsciiHexDigit)
            && (string.IsNullOrEmpty(encryption?.Value) || encryption == ServerSideEncryptionMethod.AES256);
        if (isMd5 && !value.Equals(Convert.ToHexString(md5), StringComparison.OrdinalIgnoreCase))
        {
            throw connection.Errors.Unreachable(doing, "it stored other bytes than were sent (its ETag differs)");
        }
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;

namespace BackupFunctions.Storage.S3;

/// <summary>The requests that carry an object's bytes. The store checks the MD5 that is sent; where its ETag is an MD5, so do we.</summary>
internal sealed class S3Uploads(S3Connection connection)
{
    private string Bucket => connection.Options.Bucket;

    public async Task PutAsync(string key, S3PartBuffer content, CancellationToken cancellationToken)
    {
        var doing = $"writing {key}";
        var md5 = Md5(content);
        await connection.WriteAsync(
            doing,
            async clock =>
            {
                var response = await connection.Client.PutObjectAsync(
                    new PutObjectRequest
                    {
                        BucketName = Bucket,
                        Key = key,
                        InputStream = new UploadBody(content.Bytes, content.Count, clock),
                        MD5Digest = Convert.ToBase64String(md5),
                        UseChunkEncoding = false,
                    },
                    clock.Token);
                CheckETag(doing, response.ETag, response.ServerSideEncryptionMethod, md5);
                return response;
            },
            cancellationToken);
    }

    public Task<string> BeginAsync(string key, CancellationToken cancellationToken) => connection.WriteAsync(
        $"writing {key}",
        async clock => (await connection.Client.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest { BucketName = Bucket, Key = key }, clock.Token)).UploadId,
        cancellationToken);

    public async Task<PartETag> PutPartAsync(string key, string uploadId, int number, S3PartBuffer content, CancellationToken cancellationToken)
    {
        var doing = $"writing part {number} of {key}";
        var md5 = Md5(content);
        return await connection.WriteAsync(
            doing,
            async clock =>
            {
                var response = await connection.Client.UploadPartAsync(
                    new UploadPartRequest
                    {
                        BucketName = Bucket,
                        Key = key,
                        UploadId = uploadId,
                        PartNumber = number,
                        PartSize = content.Count,
                        InputStream = new UploadBody(content.Bytes, content.Count, clock),
                        MD5Digest = Convert.ToBase64String(md5),
                        UseChunkEncoding = false,
                    },
                    clock.Token);
                CheckETag(doing, response.ETag, response.ServerSideEncryptionMethod, md5);
                return new PartETag(number, response.ETag);
            },
            cancellationToken);
    }

    public async Task CompleteAsync(string key, string uploadId, IEnumerable<PartETag> parts, CancellationToken cancellationToken)
    {
        var request = new CompleteMultipartUploadRequest { BucketName = Bucket, Key = key, UploadId = uploadId, PartETags = [.. parts] };
        try
        {
            // Stores put the parts together before they answer, which takes a while for thousands of them.
            var patience = connection.Options.StallTimeout * 4;
            await connection.WriteAsync(
                $"completing {key}", clock => connection.Client.CompleteMultipartUploadAsync(request, clock.Token), patience, cancellationToken);
        }
        catch (StorageException e) when (e.InnerException is AmazonS3Exception { ErrorCode: "NoSuchUpload" })
        {
            // The answer to an earlier attempt was lost after it had worked; the caller looks whether the object is there.
        }
    }

    public Task AbortAsync(string key, string uploadId, CancellationToken cancellationToken) => connection.ReadAsync(
        $"aborting {key}",
        clock => connection.Client.AbortMultipartUploadAsync(
            new AbortMultipartUploadRequest { BucketName = Bucket, Key = key, UploadId = uploadId }, clock.Token),
        cancellationToken);

    [SuppressMessage("Security", "CA5351", Justification = "The checksum of the S3 protocol (Content-MD5, ETag), not a means of security.")]
    private static byte[] Md5(S3PartBuffer content) => MD5.HashData(content.Bytes.AsSpan(0, content.Count));

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

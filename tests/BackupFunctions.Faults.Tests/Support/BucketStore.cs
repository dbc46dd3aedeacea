using Amazon.S3;
using Amazon.S3.Model;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Faults.Tests.Support;

internal sealed class BucketStore(CephGateway gateway, string bucket) : Store
{
    private readonly AmazonS3Client _client = gateway.Client();

    public override async Task<byte[]> GetAsync(string key)
    {
        using var answer = await _client.GetObjectAsync(bucket, key);
        using var bytes = new MemoryStream();
        await answer.ResponseStream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    public override async Task PutAsync(string key, byte[] bytes)
    {
        using var body = new MemoryStream(bytes);
        await _client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = key, InputStream = body });
    }

    public override Task DeleteAsync(string key) => _client.DeleteObjectAsync(bucket, key);

    public override async Task<IReadOnlyList<string>> ListAsync() =>
        [.. ((await _client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket })).S3Objects ?? []).Select(item => item.Key)];

    public override async Task DestroyAsync()
    {
        foreach (var upload in (await _client.ListMultipartUploadsAsync(bucket)).MultipartUploads ?? [])
        {
            await _client.AbortMultipartUploadAsync(bucket, upload.Key, upload.UploadId);
        }

        foreach (var key in await ListAsync())
        {
            await DeleteAsync(key);
        }

        await _client.DeleteBucketAsync(bucket);
    }

    public Task RecreateAsync() => _client.PutBucketAsync(bucket);
}

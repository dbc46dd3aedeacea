using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using BackupFunctions.Contracts;
using BackupFunctions.Storage.S3;

namespace BackupFunctions.Storage.Tests.S3;

/// <summary>R2 and B2 reject aws-chunked bodies, trailers and checksum headers, which the SDK sends unless told not to.</summary>
public sealed class S3WireTests
{
    [Theory]
    [SuppressMessage("Security", "CA5351", Justification = "The checksum of the S3 protocol.")]
    [InlineData(1_000, "/bucket/key")]
    [InlineData(S3TargetOptions.SmallestPartSize + 1, "/bucket/key?partNumber=1&uploadId=upload-1")]
    public async Task Write_SendsPlainSignedBodiesWithTheirMd5(int size, string path)
    {
        var content = Bytes.Random(size);
        var first = content[..Math.Min(size, S3TargetOptions.SmallestPartSize)];
        await using var store = new CannedStore((404, "NoSuchKey"), (200, ""), (200, "\"etag-of-no-md5\""));
        using var target = new S3Target("r2", store.Options with { PartSize = S3TargetOptions.SmallestPartSize });
        await using (var writer = await target.CreateAsync("key", CancellationToken.None))
        {
            await writer.WriteAsync(content, CancellationToken.None);
            if (size < S3TargetOptions.SmallestPartSize)
            {
                await writer.CompleteAsync(CancellationToken.None);
            }
            else
            {
                await store.UntilAsync(path);
            }
        }

        var request = store.Requests.Single(sent => sent.Method is "PUT" && sent.Path.Equals(path, StringComparison.Ordinal));
        request.Headers["Content-Length"].ShouldBe($"{first.Length}");
        request.Headers["Content-MD5"].ShouldBe(Convert.ToBase64String(MD5.HashData(first)));
        request.Headers["x-amz-content-sha256"].ShouldBe(Convert.ToHexStringLower(SHA256.HashData(first)));
        store.Requests.SelectMany(sent => sent.Headers.Keys).ShouldNotContain(
            name => name.StartsWith("x-amz-checksum", StringComparison.OrdinalIgnoreCase)
                || name.Equals("x-amz-sdk-checksum-algorithm", StringComparison.OrdinalIgnoreCase)
                || name.Equals("x-amz-trailer", StringComparison.OrdinalIgnoreCase)
                || name.Equals("Content-Encoding", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task AbandonedUpload_IsAborted()
    {
        await using var store = new CannedStore((404, "NoSuchKey"), (200, ""), (200, "\"etag-of-no-md5\""));
        using var target = new S3Target("r2", store.Options with { PartSize = S3TargetOptions.SmallestPartSize });
        await using (var writer = await target.CreateAsync("key", CancellationToken.None))
        {
            await writer.WriteAsync(Bytes.Random(S3TargetOptions.SmallestPartSize + 1), CancellationToken.None);
        }

        store.Requests.Last().ShouldSatisfyAllConditions(
            last => last.Method.ShouldBe("DELETE"), last => last.Path.ShouldBe("/bucket/key?uploadId=upload-1"));
    }

    [Theory]
    [InlineData(200, "", "0 bytes long")]
    [InlineData(404, "NoSuchUpload", "absent")]
    public async Task Upload_WhoseObjectIsNotWhatWasSent_DoesNotCount(int status, string code, string found)
    {
        var answers = new[] { (404, "NoSuchKey"), (200, ""), (200, ""), (200, "etag"), (200, "etag"), (status, code) };
        await using var store = new CannedStore(answers);
        using var target = new S3Target("r2", store.Options with { PartSize = S3TargetOptions.SmallestPartSize });

        var error = await Should.ThrowAsync<StorageException>(
            () => target.PutAsync("key", Bytes.Random(S3TargetOptions.SmallestPartSize + 1)));

        error.Code.ShouldBe(ErrorCodes.ObjectDamaged);
        error.Message.ShouldContain($"but the object is {found}");
    }

    [Fact]
    public async Task AbandonedUpload_ThatCannotBeAborted_IsLeftToTheLifecycleRule()
    {
        await using var store = new CannedStore((404, "NoSuchKey"), (200, ""), (200, ""), (200, "etag"), (403, "AccessDenied"));
        using var target = new S3Target("r2", store.Options with { PartSize = S3TargetOptions.SmallestPartSize });
        await using (var writer = await target.CreateAsync("key", CancellationToken.None))
        {
            await writer.WriteAsync(Bytes.Random(S3TargetOptions.SmallestPartSize + 1), CancellationToken.None);
            await store.UntilAsync("/bucket/key?partNumber=1&uploadId=upload-1");
        }

        store.Requests.Last().Method.ShouldBe("DELETE");
    }
}

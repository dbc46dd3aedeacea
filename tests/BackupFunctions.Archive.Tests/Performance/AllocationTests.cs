using BackupFunctions.Archive.Compression;
using BackupFunctions.Archive.Encryption;
using BackupFunctions.Archive.Reading;
using BackupFunctions.Archive.Tests.Support;
using BackupFunctions.Archive.Writing;

namespace BackupFunctions.Archive.Tests.Performance;

/// <summary>Memory must not grow with the object. Everything completes synchronously here, so one thread's counter sees all of it.</summary>
public sealed class AllocationTests : IDisposable
{
    private const int Megabytes = 64;
    // The pool may have been emptied, so two segments count anew.
    private const long Allowed = 6 * 1024 * 1024;

    private readonly DataKey _key = DataKey.Create();

    public static TheoryData<CompressionMethod> Methods => [CompressionMethod.Zstd, CompressionMethod.Gzip];

    public void Dispose() => _key.Dispose();

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Writer_LongObject_AllocatesNothingThatGrowsWithIt(CompressionMethod method)
    {
        var block = Bytes.Random(1024 * 1024);
        await WriteAsync(method, block, megabytes: 3);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var thread = Environment.CurrentManagedThreadId;

        var size = await WriteAsync(method, block, Megabytes);

        Environment.CurrentManagedThreadId.ShouldBe(thread);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(Allowed);
        size.ShouldBeGreaterThan(0);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Reader_LongObject_AllocatesNothingThatGrowsWithIt(CompressionMethod method)
    {
        var (ciphertext, _) = await ArchiveObjects.WriteAsync(
            Bytes.Random(Megabytes * 1024 * 1024), _key, compression: new CompressionOptions(method, 1), chunk: 1024 * 1024);
        var buffer = new byte[128 * 1024];
        await ReadAsync(ciphertext, method, buffer);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var thread = Environment.CurrentManagedThreadId;

        var size = await ReadAsync(ciphertext, method, buffer);

        Environment.CurrentManagedThreadId.ShouldBe(thread);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(Allowed);
        size.ShouldBe(Megabytes * 1024 * 1024);
    }

    private async Task<long> WriteAsync(CompressionMethod method, byte[] block, int megabytes)
    {
        await using var writer = ArchiveObjectWriter.Create(
            _key, ArchiveObjects.Aad, new CompressionOptions(method, 1), (_, _) => ValueTask.CompletedTask);
        for (var count = 0; count < megabytes; count++)
        {
            await writer.WriteAsync(block, CancellationToken.None);
        }

        return (await writer.CompleteAsync(CancellationToken.None)).Size;
    }

    private async Task<long> ReadAsync(byte[] ciphertext, CompressionMethod method, byte[] buffer)
    {
        await using var reader = ArchiveObjectReader.Open(new MemoryStream(ciphertext), _key, ArchiveObjects.Aad, method);
        long total = 0;
        int count;
        while ((count = await reader.ReadAsync(buffer)) > 0)
        {
            total += count;
        }

        return total;
    }
}

using System.Security.Cryptography;
using BackupFunctions.Archive.Compression;
using BackupFunctions.Archive.Encryption;
using BackupFunctions.Archive.Tests.Support;
using BackupFunctions.Archive.Writing;

namespace BackupFunctions.Archive.Tests.Writing;

public sealed class ArchiveObjectWriterTests : IDisposable
{
    private readonly DataKey _key = DataKey.Create();

    public static TheoryData<CompressionMethod, int> Lengths => new()
    {
        { CompressionMethod.Zstd, 0 },
        { CompressionMethod.Zstd, 1 },
        { CompressionMethod.Zstd, 3_000_000 },
        { CompressionMethod.Gzip, 0 },
        { CompressionMethod.Gzip, 1 },
        { CompressionMethod.Gzip, 3_000_000 },
    };

    public void Dispose() => _key.Dispose();

    [Theory]
    [MemberData(nameof(Lengths))]
    public async Task Complete_AnyLength_ReportsSizesAndHashesAndReadsBack(CompressionMethod method, int length)
    {
        foreach (var plain in new[] { Bytes.Random(length), Bytes.CopyText(length) })
        {
            var (ciphertext, result) = await ArchiveObjects.WriteAsync(plain, _key, compression: new CompressionOptions(method, 1));

            result.ShouldBe(new ArchiveObjectResult(
                plain.Length,
                Convert.ToHexStringLower(SHA256.HashData(plain)),
                ciphertext.Length,
                Convert.ToHexStringLower(SHA256.HashData(ciphertext))));
            (await ArchiveObjects.ReadAsync(ciphertext, _key, method: method)).ShouldEqual(plain);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(9)]
    public async Task Complete_EveryGzipLevel_HigherIsNotLarger(int level)
    {
        var plain = Bytes.CopyText(300_000);
        var (_, fastest) = await ArchiveObjects.WriteAsync(plain, _key, compression: new CompressionOptions(CompressionMethod.Gzip, 1));
        var (ciphertext, result) = await ArchiveObjects.WriteAsync(plain, _key, compression: new CompressionOptions(CompressionMethod.Gzip, level));

        result.Size.ShouldBeLessThanOrEqualTo(fastest.Size);
        (await ArchiveObjects.ReadAsync(ciphertext, _key, method: CompressionMethod.Gzip)).ShouldEqual(plain);
    }

    [Fact]
    public async Task Write_SlowSink_IsCalledOnceAtATimeAndInOrder()
    {
        var plain = Bytes.Random(5_000_000);
        var calls = 0;
        using var ciphertext = new MemoryStream();
        await using var writer = ArchiveObjectWriter.Create(_key, ArchiveObjects.Aad, CompressionOptions.Default, async (data, token) =>
        {
            Interlocked.Increment(ref calls).ShouldBe(1);
            var copy = data.ToArray();
            await Task.Yield();
            data.Span.SequenceEqual(copy).ShouldBeTrue("the memory must stay as it is until the sink returns");
            await ciphertext.WriteAsync(data, token);
            Interlocked.Decrement(ref calls);
        });
        for (var start = 0; start < plain.Length; start += 100_000)
        {
            await writer.WriteAsync(plain.AsMemory(start, 100_000), CancellationToken.None);
        }

        await writer.CompleteAsync(CancellationToken.None);

        (await ArchiveObjects.ReadAsync(ciphertext.ToArray(), _key)).ShouldEqual(plain);
    }

    [Fact]
    public async Task Write_WhileTheSinkIsBusy_GoesOnForOneSegment_ThenWaits()
    {
        var gate = new TaskCompletionSource();
        await using var writer = ArchiveObjectWriter.Create(
            _key, ArchiveObjects.Aad, CompressionOptions.Default, async (_, token) => await gate.Task.WaitAsync(token));
        var megabyte = Bytes.Random(1_100_000);
        await writer.WriteAsync(megabyte, CancellationToken.None);

        // The first segment is with the sink; the second fills; the third has no memory to go to.
        var second = writer.WriteAsync(Bytes.Random(2_000_000, seed: 2), CancellationToken.None).AsTask();
        second.IsCompleted.ShouldBeFalse();
        gate.SetResult();
        await second;
        (await writer.CompleteAsync(CancellationToken.None)).PlainSize.ShouldBe(3_100_000);
    }

    [Fact]
    public async Task Write_SinkFails_SurfacesItsOwnException()
    {
        await using var writer = ArchiveObjectWriter.Create(
            _key, ArchiveObjects.Aad, CompressionOptions.Default, (_, _) => ValueTask.FromException(new IOException("disk full")));

        var failure = await Should.ThrowAsync<IOException>(async () =>
        {
            await writer.WriteAsync(Bytes.Random(3_000_000), CancellationToken.None);
            await writer.CompleteAsync(CancellationToken.None);
        });
        failure.Message.ShouldBe("disk full");
    }

    [Theory]
    [InlineData(CompressionMethod.Zstd)]
    [InlineData(CompressionMethod.Gzip)]
    public async Task Complete_CancelledWhileTheSinkHangs_Ends(CompressionMethod method)
    {
        using var cancellation = new CancellationTokenSource();
        var called = new TaskCompletionSource();
        await using var writer = ArchiveObjectWriter.Create(_key, ArchiveObjects.Aad, new CompressionOptions(method, 1), async (_, token) =>
        {
            called.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
        });
        await writer.WriteAsync(Bytes.Random(10), CancellationToken.None);
        var completing = writer.CompleteAsync(cancellation.Token);
        await called.Task;
        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(completing);
    }

    [Theory]
    [InlineData(CompressionMethod.Zstd)]
    [InlineData(CompressionMethod.Gzip)]
    public async Task Dispose_BeforeComplete_CancelsTheSinkAndLeavesNoReadableObject(CompressionMethod method)
    {
        var cancelled = false;
        using var ciphertext = new MemoryStream();
        var writer = ArchiveObjectWriter.Create(_key, ArchiveObjects.Aad, new CompressionOptions(method, 1), async (data, token) =>
        {
            ciphertext.Write(data.Span);
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            catch (OperationCanceledException)
            {
                cancelled = true;
            }
        });
        await writer.WriteAsync(Bytes.Random(1_500_000), CancellationToken.None);

        await writer.DisposeAsync();
        await writer.DisposeAsync();

        cancelled.ShouldBeTrue();
        await Should.ThrowAsync<ArchiveException>(ArchiveObjects.ReadAsync(ciphertext.ToArray(), _key, method: method));
    }

    [Fact]
    public async Task Write_CancelledWhileTheSinkHangs_Ends_AndTheObjectCannotBeCompleted()
    {
        using var cancellation = new CancellationTokenSource();
        var called = new TaskCompletionSource();
        await using var writer = ArchiveObjectWriter.Create(_key, ArchiveObjects.Aad, CompressionOptions.Default, async (_, token) =>
        {
            called.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
        });
        var writing = writer.WriteAsync(Bytes.Random(3_000_000), cancellation.Token).AsTask();
        await called.Task;
        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(writing);
        await Should.ThrowAsync<InvalidOperationException>(writer.CompleteAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Complete_AfterAFailedWrite_Refuses()
    {
        var fail = true;
        await using var writer = ArchiveObjectWriter.Create(
            _key,
            ArchiveObjects.Aad,
            CompressionOptions.Default,
            (_, _) => fail ? throw new IOException("disk full") : ValueTask.CompletedTask);
        await Should.ThrowAsync<IOException>(writer.WriteAsync(Bytes.Random(3_000_000), CancellationToken.None).AsTask());
        fail = false;

        await Should.ThrowAsync<InvalidOperationException>(writer.CompleteAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Complete_Twice_Refuses()
    {
        await using var writer = ArchiveObjectWriter.Create(
            _key, ArchiveObjects.Aad, CompressionOptions.Default, (_, _) => ValueTask.CompletedTask);
        await writer.CompleteAsync(CancellationToken.None);

        await Should.ThrowAsync<InvalidOperationException>(writer.CompleteAsync(CancellationToken.None));
        await Should.ThrowAsync<ObjectDisposedException>(writer.WriteAsync(new byte[1], CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task Writers_SeveralAtOnceWithOneKey_DoNotDisturbEachOther()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(index => Task.Run(async () =>
        {
            var plain = Bytes.CopyText(2_000_000 + index, seed: index);
            var aad = $"{ArchiveObjects.Aad}{index}";
            var compression = index % 2 == 0 ? CompressionOptions.Default : ArchiveObjects.Gzip;
            var (ciphertext, _) = await ArchiveObjects.WriteAsync(plain, _key, aad, compression);
            var actual = await ArchiveObjects.ReadAsync(ciphertext, _key, aad, compression.Method);
            return actual.AsSpan().SequenceEqual(plain);
        })));

        results.ShouldAllBe(equal => equal);
    }
}

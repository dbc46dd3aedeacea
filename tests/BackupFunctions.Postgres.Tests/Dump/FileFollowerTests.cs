using BackupFunctions.Postgres.Dump;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Postgres.Tests.Dump;

public sealed class FileFollowerTests : IDisposable
{
    private const int Piece = 4 * 1024 * 1024;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Follow_OfAGrowingFile_GivesTheSpaceBehindTheReaderBack()
    {
        var file = new GrowingFile("1.dat");
        var path = _folder["1.dat"];
        using var arrived = new SemaphoreSlim(0);
        long read = 0;
        await using var writer = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var follow = Task.Run(() => FileFollower.RunAsync(path, file, NoFileDigest.Instance, new NullSink(), Advance, default));
        long peak = 0;

        for (var i = 0; i < 16; i++)
        {
            await writer.WriteAsync(new byte[Piece]);
            // The writer waits here as pg_dump does not: what stays is then the follower's doing alone.
            // The last quarter of a megabyte is left to grow.
            while (Interlocked.Read(ref read) < ((i + 1L) * Piece) - (256 * 1024))
            {
                await arrived.WaitAsync();
            }

            peak = Math.Max(peak, DiskUse.Of(_folder.Path));
        }

        file.MarkClosed();
        (await follow).ShouldBe(16L * Piece);
        peak.ShouldBeLessThan(3L * Piece);

        void Advance(long bytes)
        {
            Interlocked.Add(ref read, bytes);
            arrived.Release();
        }
    }

    [Fact]
    public async Task Follow_OfAFileThatEndsBelowTheReadingSize_TakesItsLastBytes()
    {
        await File.WriteAllTextAsync(_folder["2.dat"], "short");
        var file = new GrowingFile("2.dat");
        var follow = FileFollower.RunAsync(_folder["2.dat"], file, NoFileDigest.Instance, new NullSink(), static _ => { }, default);
        follow.IsCompleted.ShouldBeFalse();

        file.MarkClosed();

        (await follow).ShouldBe(5);
    }

    [Fact]
    public async Task Follow_Cancelled_DoesNotCompleteTheSink()
    {
        await File.WriteAllTextAsync(_folder["3.dat"], "x");
        using var stop = new CancellationTokenSource();
        var sinks = new FolderSink(Directory.CreateDirectory(_folder["out"]).FullName);
        var follow = FileFollower.RunAsync(_folder["3.dat"], new GrowingFile("3.dat"), NoFileDigest.Instance, sinks.Open("3.dat"), static _ => { }, stop.Token);

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => follow);
        sinks.Completed.ShouldBeEmpty();
    }

    [Fact]
    public void TableData_WithoutItsEndMarker_IsRefused()
    {
        using var digest = new TableFileDigest(static _ => { });
        digest.Append("1\ta\n"u8);

        Should.Throw<Contracts.PgdrException>(digest.Complete);
    }
}

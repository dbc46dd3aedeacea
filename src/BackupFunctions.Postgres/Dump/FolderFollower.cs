using System.Diagnostics;

namespace BackupFunctions.Postgres.Dump;

/// <summary>Follows all files of a dump folder, several side by side, and deletes each once its sink has it.</summary>
internal sealed class FolderFollower(
    string folder, DumpDigests digests, Func<string, IDumpFileSink> openFile, IProgress<DumpProgress>? progress)
{
    /// <summary>The table of contents, which pg_restore still needs; written last.</summary>
    public const string TocFile = "toc.dat";

    private static readonly TimeSpan ReportEvery = TimeSpan.FromMilliseconds(250);

    private long _bytes;
    private int _files;
    private long _reportedAt;

    public long TotalBytes => Interlocked.Read(ref _bytes);

    public async Task RunAsync(FolderWatch watch, int parallelism, CancellationToken cancellationToken)
    {
        await Parallel.ForEachAsync(
            watch.Files.ReadAllAsync(cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellationToken },
            async (file, token) => await FollowAsync(watch, file, token));
        progress?.Report(new DumpProgress(TotalBytes, _files));
    }

    private async Task FollowAsync(FolderWatch watch, GrowingFile file, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, file.Name);
        using (var digest = digests.ForFile(file.Name))
        {
            await FileFollower.RunAsync(path, file, digest, openFile(file.Name), Advance, cancellationToken);
        }

        Interlocked.Increment(ref _files);
        if (!string.Equals(file.Name, TocFile, StringComparison.Ordinal))
        {
            File.Delete(path);
            watch.Forget(file);
        }
    }

    private void Advance(long bytes)
    {
        var total = Interlocked.Add(ref _bytes, bytes);
        var last = Interlocked.Read(ref _reportedAt);
        if (progress is not null
            && Stopwatch.GetElapsedTime(last) >= ReportEvery
            && Interlocked.CompareExchange(ref _reportedAt, Stopwatch.GetTimestamp(), last) == last)
        {
            progress.Report(new DumpProgress(total, _files));
        }
    }
}

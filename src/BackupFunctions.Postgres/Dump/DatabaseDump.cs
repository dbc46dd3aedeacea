using System.Globalization;
using System.Runtime.ExceptionServices;
using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Postgres.Dump;

/// <summary>A parallel pg_dump as a set of streams, with everything that is known of it from the same snapshot.</summary>
public static class DatabaseDump
{
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Every file of a directory archive goes to the sink that <paramref name="openFile"/> gives for its name: bytes in order, several
    /// files side by side (at most Jobs + 2). The outcome is only there when all sinks have completed.
    /// </summary>
    /// <exception cref="PgdrException">server.*, database.*, tool.*, disk.full; and whatever a sink throws.</exception>
    public static async Task<DumpOutcome> RunAsync(
        DumpRequest request,
        Func<string, IDumpFileSink> openFile,
        IProgress<DumpProgress>? progress,
        CancellationToken cancellationToken)
    {
        await using var snapshot = await Snapshot.TakeAsync(request.ServerConnection, request.Database, cancellationToken);
        await DumpPermissions.CheckAsync(snapshot.Connection, request.ServerConnection, request.Database, cancellationToken, request.Schemas);
        var selection = await SchemaSelection.ArgumentsAsync(snapshot.Connection, request.Schemas, cancellationToken);
        var facts = await SnapshotFacts.ReadAsync(snapshot, request.Schemas, cancellationToken);
        using var work = DumpFolder.Create(request.WorkFolder);
        // What pg_dump creates has the modes of its umask; the folder around it is ours alone.
        var folder = Directory.CreateDirectory(DumpFolder.Archive(work.Path)).FullName;
        var digests = new DumpDigests();
        var follower = new FolderFollower(folder, digests, openFile, progress);
        using (var watch = new FolderWatch(folder))
        {
            await FollowAsync(request, selection, snapshot.Id, work.Path, watch, follower, cancellationToken);
        }

        var contents = await ArchiveToc.ReadAsync(request.PgTools, folder, cancellationToken);
        var list = Path.Combine(work.Path, "sequences.list");
        return new DumpOutcome
        {
            SnapshotAt = snapshot.TakenAt,
            ServerIdentity = facts.Server,
            DatabaseProperties = facts.Database,
            Roles = facts.Roles,
            Tables = digests.Tables(contents, facts.Tables),
            LargeObjects = digests.LargeObjects,
            Sequences = await ArchiveSequences.ReadAsync(request.PgTools, folder, list, contents, cancellationToken),
            Needs = facts.Needs,
            ToolVersions = request.PgTools.Versions,
            Warnings = [.. request.PgTools.SecurityWarnings, .. facts.Warnings, .. ColumnVersions.Warnings(facts.HasColumnVersions, request.PgTools)],
            TotalBytes = follower.TotalBytes,
        };
    }

    private static async Task FollowAsync(
        DumpRequest request, IReadOnlyList<string> selection, string snapshotId, string workFolder, FolderWatch watch, FolderFollower follower, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Exception? cause = null;
        var dump = DumpAsync(request, selection, snapshotId, workFolder, watch, stop.Token);
        await Task.WhenAll(
            StoppingTheOtherAsync(dump),
            StoppingTheOtherAsync(follower.RunAsync(watch, request.Jobs + 2, stop.Token)));
        if (cause is not null)
        {
            ExceptionDispatchInfo.Throw(cause);
        }

        // The one that fails first is the cause; the other is only cancelled.
        async Task StoppingTheOtherAsync(Task task)
        {
            try
            {
                await task;
            }
            catch (Exception exception)
            {
                if (exception is PgdrException { Code: ErrorCodes.ToolFailed })
                {
                    // A file that ends early: pg_dump is failing, and its own words say why.
                    await Task.WhenAny(dump, Task.Delay(EndPatience, cancellationToken));
                }

                Interlocked.CompareExchange(ref cause, dump.Exception?.InnerException ?? exception, null);
                await stop.CancelAsync();
            }
        }
    }

    private static async Task DumpAsync(
        DumpRequest request, IReadOnlyList<string> selection, string snapshotId, string workFolder, FolderWatch watch, CancellationToken cancellationToken)
    {
        await PgToolRunner.RunCheckedAsync(
            new ToolCommand(
                request.PgTools.PgDump,
                [
                    "--format=directory", "--jobs=" + request.Jobs.ToString(CultureInfo.InvariantCulture), "--compress=0",
                    "--snapshot=" + snapshotId, DumpFolder.FileArgument(workFolder),
                    // Files are gone by the time it would sync them; the sinks answer for durability.
                    "--no-sync", "--no-password", .. selection, "--dbname=" + ConnectionInfo.For(request.ServerConnection, request.Database),
                ])
            {
                Server = request.ServerConnection,
            },
            cancellationToken);
        watch.WriterEnded();
    }
}

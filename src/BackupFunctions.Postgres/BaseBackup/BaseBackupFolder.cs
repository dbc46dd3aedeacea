using System.IO.Pipelines;
using System.Runtime.ExceptionServices;
using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Dump;
using BackupFunctions.Postgres.Files;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Postgres.BaseBackup;

/// <summary>
/// A base backup of a server with further tablespaces, for which pg_basebackup wants a folder: it writes a tar for each of them there, one
/// after the other, then base.tar, then the manifest. They are read while they grow, and what was read gives its space back. What the server
/// sends faster than the sink takes it piles up there, at most all of it.
/// </summary>
public static class BaseBackupFolder
{
    private const string Prefix = "pgdr-base-";
    private const string BaseName = "base.tar";
    private const string TarSuffix = ".tar";
    private const string ManifestName = "backup_manifest";
    private const int Buffered = 4 << 20;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(5);

    /// <param name="tools">Where pg_basebackup is.</param>
    /// <param name="server">Examined by <see cref="BaseBackupServer.ExamineAsync"/> before.</param>
    /// <param name="label">For backup_label; one line.</param>
    /// <param name="workFolder">A private folder is made in it; those of processes that were killed are removed.</param>
    /// <param name="sink">What it throws ends the backup.</param>
    /// <param name="warn">Takes a sentence.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="PgdrException">server.damaged, disk.full, server.*, tool.failed; or the sink's own.</exception>
    public static async Task<BaseBackupOutcome> RunAsync(
        PgTools tools, ServerConnection server, string label, string workFolder, IBaseBackupSink sink, Action<string> warn, CancellationToken cancellationToken)
    {
        PrivateFolder.SweepStale(workFolder, Prefix);
        using var work = PrivateFolder.Create(workFolder, Prefix);
        var folder = Directory.CreateDirectory(Path.Combine(work.Path, "tar"), OwnerOnly).FullName;
        using var watch = new FolderWatch(folder);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var errors = new BaseBackupErrors(server, warn);
        var command = new ToolCommand(
            tools.PgBaseBackup,
            [
                "--pgdata=" + folder, "--format=tar", "--wal-method=none", "--checkpoint=fast", "--no-sync", "--no-password", "--label=" + label,
                "--dbname=" + ConnectionInfo.For(server, server.MaintenanceDatabase),
            ])
        {
            Server = server,
            ErrorLine = errors.Take,
        };
        var tool = RunToolAsync(command, errors, watch, stop.Token);
        try
        {
            var tars = new BaseBackupTar(sink);
            await foreach (var file in watch.Files.ReadAllAsync(cancellationToken))
            {
                if (file.Name.EndsWith(TarSuffix, StringComparison.Ordinal))
                {
                    await ReadAsync(tars, Path.Combine(folder, file.Name), file, cancellationToken);
                }
            }

            if (await tool is { } failure)
            {
                ExceptionDispatchInfo.Throw(failure);
            }

            await using var manifest = File.OpenRead(Path.Combine(folder, ManifestName));
            await tars.ManifestAsync(manifest, cancellationToken);
            return tars.Outcome();
        }
        catch (Exception e) when (e is IOException or PgdrException { Code: ErrorCodes.ToolFailed })
        {
            // A tar that ends early, or is gone: the tool is failing, and its own words say why.
            await Task.WhenAny(tool, Task.Delay(EndPatience, cancellationToken));
            if (tool.IsCompleted && await tool is { } cause)
            {
                ExceptionDispatchInfo.Throw(cause);
            }

            throw;
        }
        finally
        {
            await stop.CancelAsync();
            await tool;
        }
    }

    /// <returns>Why it failed; it never throws.</returns>
    private static async Task<Exception?> RunToolAsync(ToolCommand command, BaseBackupErrors errors, FolderWatch watch, CancellationToken cancellationToken)
    {
        try
        {
            var result = await PgToolRunner.RunAsync(command, cancellationToken);
            return result.ExitCode == 0 ? null : errors.Explain(command, result);
        }
        catch (Exception e)
        {
            return e;
        }
        finally
        {
            watch.WriterEnded();
        }
    }

    private static async Task ReadAsync(BaseBackupTar tars, string path, GrowingFile file, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pipe = new Pipe(new PipeOptions(
            pauseWriterThreshold: Buffered, resumeWriterThreshold: Buffered / 2, minimumSegmentSize: 64 * 1024, useSynchronizationContext: false));
        var follow = FollowAsync(path, file, pipe.Writer, stop.Token);
        try
        {
            await using var tar = pipe.Reader.AsStream();
            await tars.ReadAsync(tar, file.Name is BaseName ? null : file.Name[..^TarSuffix.Length], cancellationToken);
        }
        finally
        {
            await stop.CancelAsync();
            await follow;
        }

        File.Delete(path);
    }

    /// <summary>Never fails: the reader gets the cause in place of the end.</summary>
    private static async Task FollowAsync(string path, GrowingFile file, PipeWriter output, CancellationToken cancellationToken)
    {
        try
        {
            await FileFollower.RunAsync(path, file, NoFileDigest.Instance, new PipeFileSink(output), static _ => { }, cancellationToken);
        }
        catch (Exception e)
        {
            await output.CompleteAsync(e);
        }
    }
}

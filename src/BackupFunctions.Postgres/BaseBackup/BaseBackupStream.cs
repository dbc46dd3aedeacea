using System.IO.Pipelines;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Postgres.BaseBackup;

/// <summary>
/// A base backup by pg_basebackup, read from its standard output while it is taken: no byte of it lies on this machine's disk. The
/// log that it needs is not in it.
/// </summary>
public static class BaseBackupStream
{
    /// <summary>Bytes between the tool and the sink.</summary>
    private const int Buffered = 4 << 20;

    /// <param name="tools">Where pg_basebackup is.</param>
    /// <param name="server">Examined by <see cref="BaseBackupServer.ExamineAsync"/> before.</param>
    /// <param name="label">For backup_label; one line.</param>
    /// <param name="parent">The backup_manifest of the backup that this one shall be incremental to; null: a whole one.</param>
    /// <param name="sink">What it throws ends the backup.</param>
    /// <param name="warn">Takes a sentence.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Contracts.PgdrException">server.damaged: data checksums do not match; server.*, tool.failed; or the sink's own.</exception>
    public static async Task<BaseBackupOutcome> RunAsync(
        PgTools tools, ServerConnection server, string label, string? parent, IBaseBackupSink sink, Action<string> warn, CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            "--pgdata=-", "--format=tar", "--wal-method=none", "--checkpoint=fast", "--no-password", "--label=" + label,
            "--dbname=" + ConnectionInfo.For(server, server.MaintenanceDatabase), .. parent is null ? Array.Empty<string>() : ["--incremental=" + parent],
        ];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pipe = new Pipe(new PipeOptions(
            pauseWriterThreshold: Buffered, resumeWriterThreshold: Buffered / 2, minimumSegmentSize: 64 * 1024, useSynchronizationContext: false));
        var errors = new BaseBackupErrors(server, warn);
        var command = new ToolCommand(tools.PgBaseBackup, arguments)
        {
            Server = server,
            ErrorLine = errors.Take,
            Output = async (piece, token) => await pipe.Writer.WriteAsync(piece, token),
        };
        var tool = RunToolAsync(command, errors, pipe.Writer, stop.Token);
        try
        {
            await using var tar = pipe.Reader.AsStream();
            return await BaseBackupTar.ReadAsync(tar, sink, cancellationToken);
        }
        finally
        {
            await stop.CancelAsync();
            await tool;
        }
    }

    /// <summary>Never fails: the reader gets the cause in place of the end.</summary>
    private static async Task RunToolAsync(ToolCommand command, BaseBackupErrors errors, PipeWriter output, CancellationToken cancellationToken)
    {
        try
        {
            var result = await PgToolRunner.RunAsync(command, cancellationToken);
            await output.CompleteAsync(result.ExitCode == 0 ? null : errors.Explain(command, result));
        }
        catch (Exception e)
        {
            await output.CompleteAsync(e);
        }
    }
}

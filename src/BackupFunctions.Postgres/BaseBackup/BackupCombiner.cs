using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Postgres.BaseBackup;

/// <summary>pg_combinebackup: a base backup and its incremental ones become one data directory. It checks that they belong together, not their bytes.</summary>
public static class BackupCombiner
{
    /// <summary>The first version that can make files of the result other names of files of the inputs.</summary>
    private const int CanLink = 18;

    /// <param name="tools">With <see cref="PgTools.PgCombineBackup"/>, of the server's version.</param>
    /// <param name="inputs">The base backup first. They may share files with the result: remove them, never start one.</param>
    /// <param name="output">Absent or empty, on the same file system.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="PgdrException">disk.full; verification.failed: they do not belong together.</exception>
    public static async Task RunAsync(PgTools tools, IReadOnlyList<string> inputs, string output, CancellationToken cancellationToken)
    {
        string[] arguments = ["--no-sync", "--output=" + output, .. tools.Major >= CanLink ? new[] { "--link" } : [], .. inputs];
        var command = new ToolCommand(tools.PgCombineBackup, arguments);
        var result = await PgToolRunner.RunAsync(command, cancellationToken);
        if (result.ExitCode != 0)
        {
            var explained = ToolFailure.Explain(command, result);
            throw explained.Code is ErrorCodes.DiskFull ? explained : new PgdrException(
                ErrorCodes.VerificationFailed,
                $"The base backup and its incremental backups cannot be put together ({result.FirstError?.Trim().TrimEnd('.') ?? $"exit code {result.ExitCode}"}): recover from an older base backup, named with --backup.");
        }
    }
}

using System.CommandLine;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Cli.Output;
using BackupFunctions.Jobs.Wal;

namespace BackupFunctions.Cli.Wal;

/// <summary>
/// pgdr wal fetch %f %p: for a server's own restore_command. Exit code 1 tells PostgreSQL that there is no such file; more than 125, that
/// there may be one and it cannot be had, which stops the server instead of ending its log too early.
/// </summary>
internal static class WalFetchCommand
{
    private const int Absent = 1;
    private const int MustStop = 200;

    /// <summary>Between this command and its boundary: no other code of it.</summary>
    private const int NotThere = -1;

    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "%f: a segment or a history file." };
        var destination = new Argument<string>("path") { Description = "%p: where to put it." };
        var system = new Option<string?>("--system") { Description = "The server's system identifier (pg_controldata); may be left out when storage has log of one server." };
        var command = new Command("fetch", "Bring back one file of the log, for restore_command = 'pgdr wal fetch %f %p'.") { file, destination, system };
        command.SetAction(async (result, cancellationToken) =>
        {
            var code = await CommandBoundary.RunAsync(result, () =>
                RunAsync(result.GetRequiredValue(file), result.GetRequiredValue(destination), result.GetValue(system), cancellationToken));
            return code is ExitCodes.Done ? code : code is NotThere ? Absent : MustStop;
        });
        return command;
    }

    private static async Task<int> RunAsync(string file, string destination, string? system, CancellationToken cancellationToken)
    {
        if (!WalSegmentName.IsValid(file) && !WalSegmentName.IsHistory(file) && !WalSegmentName.IsBackupHistory(file))
        {
            // No file that is archived has such a name.
            return NotThere;
        }

        using var loggers = JobEnvironments.CreateLoggers();
        var environment = JobEnvironments.Create(JobEnvironments.ReadSettings(), new SilentReporter(), loggers);
        return await WalFetch.RunAsync(environment, system, file, Path.GetFullPath(destination), cancellationToken) ? ExitCodes.Done : NotThere;
    }
}

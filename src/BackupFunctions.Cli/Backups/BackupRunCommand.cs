using System.CommandLine;
using BackupFunctions.Cli.Output;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs;
using BackupFunctions.Jobs.Backup;
using BackupFunctions.Jobs.BaseBackup;

namespace BackupFunctions.Cli.Backups;

/// <summary>pgdr backup run: a backup now, in this process.</summary>
internal static class BackupRunCommand
{
    private const string Full = "full";
    private const string Base = "base";

    public static Command Create()
    {
        var name = new Argument<string>("database") { Description = "A database of the settings; with --kind base a server of the settings." };
        var kind = new Option<string>("--kind")
        {
            Description = "full: a dump of one database. base: the files of a whole server.",
            DefaultValueFactory = _ => Full,
        };
        kind.AcceptOnlyFromAmong(Full, Base);
        var json = new Option<bool>("--json") { Description = "Print the result as JSON." };
        var command = new Command("run", "Take a backup now.") { name, kind, json };
        command.SetAction((result, cancellationToken) => CommandBoundary.RunAsync(result, () => result.GetValue(kind) is Base
            ? RunBaseAsync(result.GetRequiredValue(name), result.GetValue(json), cancellationToken)
            : RunFullAsync(result.GetRequiredValue(name), result.GetValue(json), cancellationToken)));
        return command;
    }

    private static Task<int> RunFullAsync(string database, bool json, CancellationToken cancellationToken) => RunAsync(
        (environment, state) => new FullBackupJob(environment, state).RunAsync(new FullBackupParameters(database, "command line"), cancellationToken),
        json,
        backup => backup.Status,
        backup => $"{Head(backup.BackupId, backup.Status)}: {backup.Tables} tables, {backup.Rows} rows, {Tail(backup.PlainSize, backup.StoredSize, backup.Copies)}");

    private static Task<int> RunBaseAsync(string server, bool json, CancellationToken cancellationToken) => RunAsync(
        (environment, state) => new BaseBackupJob(environment, state).RunAsync(new BaseBackupParameters(server, "command line"), cancellationToken),
        json,
        backup => backup.Status,
        backup => $"{Head(backup.BackupId, backup.Status)}: {backup.Files} files, log {backup.StartLsn} to {backup.StopLsn}, {Tail(backup.PlainSize, backup.StoredSize, backup.Copies)}");

    private static async Task<int> RunAsync<T>(
        Func<JobEnvironment, string, Task<T>> run, bool json, Func<T, BackupStatus> status, Func<T, string> describe)
    {
        var settings = JobEnvironments.ReadSettings();
        var reporter = new ConsoleReporter(TimeProvider.System);
        using var loggers = JobEnvironments.CreateLoggers();
        var state = Path.Combine(settings.RunStorePath, $"cli-{Guid.NewGuid():N}");
        T backup;
        try
        {
            backup = await run(JobEnvironments.Create(settings, reporter, loggers), state);
        }
        finally
        {
            reporter.Finish();
            if (Directory.Exists(state))
            {
                Directory.Delete(state, recursive: true);
            }
        }

        if (json)
        {
            Json.Print(backup, reporter.PhaseSeconds);
        }
        else
        {
            Console.Out.WriteLine(describe(backup));
        }

        return status(backup) == BackupStatus.Verified ? ExitCodes.Done : ExitCodes.NotVerified;
    }

    private static string Head(string backupId, BackupStatus status) => $"{backupId} {status.ToString().ToUpperInvariant()}";

    private static string Tail(long plainSize, long storedSize, IReadOnlyList<CopyResult> copies) =>
        $"{Sizes.Format(plainSize)} -> {Sizes.Format(storedSize)}, "
        + $"copies on {string.Join(", ", copies.Where(copy => copy.Written).Select(copy => copy.Target))}";
}

using System.CommandLine;
using BackupFunctions.Cli.Catalog;
using BackupFunctions.Cli.Output;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.JobRunners.Slots;
using BackupFunctions.Jobs.Backup;
using BackupFunctions.Settings;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Cli.Backups;

/// <summary>pgdr backup run: a full backup now, in this process. It waits for a slot like the backups of a host.</summary>
internal static class BackupRunCommand
{
    public static Command Create()
    {
        var database = new Argument<string>("database") { Description = "A database of the settings." };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON." };
        var command = new Command("run", "Take a full backup now.") { database, json };
        command.SetAction((result, cancellationToken) => CommandBoundary.RunAsync(result, () =>
            RunAsync(result.GetRequiredValue(database), result.GetValue(json), cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(string database, bool json, CancellationToken cancellationToken)
    {
        var settings = JobEnvironments.ReadSettings();
        var reporter = new ConsoleReporter(TimeProvider.System);
        using var loggers = JobEnvironments.CreateLoggers();
        var backup = await RunAsync(settings, database, reporter, loggers, cancellationToken);
        if (json)
        {
            Json.Print(backup, reporter.PhaseSeconds);
        }
        else
        {
            Console.Out.WriteLine(
                $"{backup.BackupId} {backup.Status.ToString().ToUpperInvariant()}: {backup.Tables} tables, {backup.Rows} rows, "
                + $"{Sizes.Format(backup.PlainSize)} -> {Sizes.Format(backup.StoredSize)}, "
                + $"copies on {string.Join(", ", backup.Copies.Where(copy => copy.Written).Select(copy => copy.Target))}");
            PrintUnfinished(backup);
        }

        await CatalogSite.FreshenAsync(settings, loggers, cancellationToken);
        return backup.Status == BackupStatus.Verified ? ExitCodes.Done : ExitCodes.NotVerified;
    }

    /// <summary>What failed a moment ago would fail again now: a host's hourly check, or a person, finishes it.</summary>
    private static void PrintUnfinished(FullBackupResult backup)
    {
        List<string> bad = [.. backup.Copies.Where(copy => !copy.Verified).Select(copy => $"{copy.Target} ({(copy.Written ? "not verified" : "missing")})")];
        if (bad.Count > 0)
        {
            Console.Out.WriteLine(
                $"To be finished: {string.Join(", ", bad)}. Once the cause is mended, the hourly check of a host does so, or 'pgdr backup verify {backup.BackupId} --repair'.");
        }
    }

    private static async Task<FullBackupResult> RunAsync(
        BackupSettings settings, string database, ConsoleReporter reporter, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var runId = $"cli-{Guid.NewGuid():N}";
        var state = Path.Combine(settings.RunStorePath, runId);
        try
        {
            var slots = new JobSlots(settings.RunStorePath, settings.JobLimit, TimeProvider.System);
            using var slot = await slots.EnterAsync(
                JobPriorities.Of(JobKinds.FullBackup), runId, () => reporter.Phase(JobPhases.Waiting), cancellationToken);
            var job = new FullBackupJob(JobEnvironments.Create(settings, reporter, loggers), state);
            return await job.RunAsync(new FullBackupParameters(database, "command line"), cancellationToken);
        }
        finally
        {
            reporter.Finish();
            if (Directory.Exists(state))
            {
                Directory.Delete(state, recursive: true);
            }
        }
    }
}

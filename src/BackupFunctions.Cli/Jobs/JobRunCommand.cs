using System.CommandLine;
using BackupFunctions.Cli.Catalog;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.JobRunners.Runs;
using BackupFunctions.JobRunners.Slots;
using BackupFunctions.Jobs;

namespace BackupFunctions.Cli.Jobs;

/// <summary>pgdr job run: the entry point of a job's process or container; specification and result are in the run store.</summary>
internal static class JobRunCommand
{
    /// <summary>After these the catalog is told at once. Steps of a recovery before its last one never wait for a catalog.</summary>
    private static readonly string[] ChangeStorage = [JobKinds.FullBackup, JobKinds.VerifyCopies, JobKinds.Cleanup, JobKinds.TargetCheck, JobKinds.SwapDatabase];

    public static Command Create()
    {
        var run = new Argument<string>("run") { Description = "The run id: a folder with spec.json in RUN_STORE_PATH." };
        var command = new Command("run", "Run the job with this run id.") { run };
        command.SetAction((result, cancellationToken) => CommandBoundary.RunAsync(result, () => RunAsync(result.GetRequiredValue(run), cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(string runId, CancellationToken cancellationToken)
    {
        var settings = JobEnvironments.ReadSettings();
        var store = new RunStore(settings.RunStorePath);
        var slots = new JobSlots(settings.RunStorePath, settings.JobLimit, TimeProvider.System);
        using var loggers = JobEnvironments.CreateLoggers();
        var result = await new JobRun(store, TimeProvider.System).ExecuteAsync(
            runId,
            async (spec, reporter, token) =>
            {
                using var slot = await slots.EnterAsync(JobPriorities.Of(spec.Kind), runId, () => reporter.Phase(JobPhases.Waiting), token);
                return await JobDispatcher.RunAsync(
                    spec, JobEnvironments.Create(settings, reporter, loggers), Path.Combine(store.FolderOf(runId), "state"), token);
            },
            cancellationToken);
        if (result?.Error is { } error)
        {
            await Console.Error.WriteLineAsync($"pgdr: {error}");
        }

        if (result is not null && store.ReadSpec(runId) is { } ended && ChangeStorage.Contains(ended.Kind, StringComparer.Ordinal))
        {
            await CatalogSite.FreshenAsync(settings, loggers, cancellationToken);
        }

        // Null: another process runs it, which is what the caller wanted.
        return result?.State switch
        {
            null or JobState.Succeeded => ExitCodes.Done,
            JobState.Canceled => ExitCodes.Canceled,
            _ => ExitCodes.Failed,
        };
    }
}

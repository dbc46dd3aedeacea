using BackupFunctions.Cli.Output;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.JobRunners.Slots;
using BackupFunctions.Jobs;
using BackupFunctions.Settings;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Cli.Backups;

/// <summary>A backup job in this process: it waits for a slot like those of a host, and leaves no folder of its own.</summary>
internal static class OwnBackup
{
    /// <param name="settings">What is read of the environment.</param>
    /// <param name="reporter">Finished, whatever becomes of the job.</param>
    /// <param name="loggers">Of the job.</param>
    /// <param name="kind">See <see cref="JobKinds"/>.</param>
    /// <param name="run">The job, with a folder of its own.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<T> RunAsync<T>(
        BackupSettings settings, ConsoleReporter reporter, ILoggerFactory loggers, string kind, Func<JobEnvironment, string, Task<T>> run, CancellationToken cancellationToken)
    {
        var runId = $"cli-{Guid.NewGuid():N}";
        var state = Path.Combine(settings.RunStorePath, runId);
        try
        {
            var slots = new JobSlots(settings.RunStorePath, settings.JobLimit, TimeProvider.System);
            using var slot = await slots.EnterAsync(JobPriorities.Of(kind), runId, () => reporter.Phase(JobPhases.Waiting), cancellationToken);
            return await run(JobEnvironments.Create(settings, reporter, loggers), state);
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

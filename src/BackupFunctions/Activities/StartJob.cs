using BackupFunctions.Contracts.Jobs;
using BackupFunctions.JobRunners;

namespace BackupFunctions.Activities;

public sealed class StartJob(IJobRunner runner)
{
    [Function(nameof(StartJob))]
    public Task Run([ActivityTrigger] JobSpec spec, CancellationToken cancellationToken) => runner.StartAsync(spec, cancellationToken);
}

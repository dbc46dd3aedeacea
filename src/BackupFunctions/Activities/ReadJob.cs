using BackupFunctions.Contracts.Jobs;
using BackupFunctions.JobRunners;

namespace BackupFunctions.Activities;

public sealed class ReadJob(IJobRunner runner)
{
    [Function(nameof(ReadJob))]
    public Task<JobStatus> Run([ActivityTrigger] string runId, CancellationToken cancellationToken) => runner.GetStatusAsync(runId, cancellationToken);
}

using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.JobRunners;

/// <summary>Where jobs run. Workflows decide, jobs carry the bytes: a runner only starts, watches and cancels.</summary>
public interface IJobRunner
{
    /// <summary>Starts the job unless this run id is running or has its result; safe to call again.</summary>
    Task StartAsync(JobSpec spec, CancellationToken cancellationToken);

    Task<JobStatus> GetStatusAsync(string runId, CancellationToken cancellationToken);

    /// <summary>Jobs that run now, here or on behalf of another host that uses the same run store.</summary>
    Task<IReadOnlyList<JobSpec>> ListRunningAsync(CancellationToken cancellationToken);

    /// <summary>Asks the job to stop; it ends by itself at its next safe point.</summary>
    Task CancelAsync(string runId, CancellationToken cancellationToken);
}

using BackupFunctions.Contracts.Jobs;
using BackupFunctions.JobRunners;

namespace BackupFunctions.Tests.Support;

/// <summary>A runner without jobs: every look at a job of a kind takes that kind's next answer, the last one again and again.</summary>
internal sealed class ScriptedJobRunner : IJobRunner
{
    private readonly Lock _lock = new();
    private readonly List<JobSpec> _started = [];
    private readonly Dictionary<string, Queue<Func<JobSpec, JobStatus>>> _answers = new(StringComparer.Ordinal);
    private readonly List<string> _canceled = [];
    private int _looks;

    public ScriptedJobRunner()
    {
        On(JobKinds.SelectBackup, Answer.Succeeds(JobResults.Selected, "one copy is missing"));
        On(JobKinds.FetchBackup, Answer.Succeeds(JobResults.Fetched));
        On(JobKinds.RecoverDatabase, Answer.Succeeds(JobResults.FetchedPoint));
        On(JobKinds.DiscardRestore, Answer.Succeeds(new DiscardRestoreParameters("gone")));
        On(JobKinds.RestoreDatabase, Answer.Succeeds(JobResults.Restored, "one copy is missing", "a role was kept"));
        On(JobKinds.MergeDatabase, static spec => Answer.Succeeds(JobResults.Merged(spec.Parameters["apply"]!.GetValue<bool>()))(spec));
        On(JobKinds.SwapDatabase, Answer.Succeeds(JobResults.Swapped));
        On(JobKinds.FullBackup, Answer.Succeeds(JobResults.Backup));
    }

    /// <summary>Every start, a repeated one as well.</summary>
    public IReadOnlyList<JobSpec> Started
    {
        get
        {
            lock (_lock)
            {
                return [.. _started];
            }
        }
    }

    public IReadOnlyList<string> Canceled
    {
        get
        {
            lock (_lock)
            {
                return [.. _canceled];
            }
        }
    }

    public int Looks
    {
        get
        {
            lock (_lock)
            {
                return _looks;
            }
        }
    }

    public int StartsOf(string kind) => Started.Count(spec => spec.Kind == kind);

    public void On(string kind, params Func<JobSpec, JobStatus>[] answers)
    {
        lock (_lock)
        {
            _answers[kind] = new Queue<Func<JobSpec, JobStatus>>(answers);
        }
    }

    public Task StartAsync(JobSpec spec, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _started.Add(spec);
        }

        return Task.CompletedTask;
    }

    public Task<JobStatus> GetStatusAsync(string runId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _looks++;
            if (_started.FirstOrDefault(started => started.RunId == runId) is not { } spec)
            {
                return Task.FromResult(new JobStatus(JobState.Unknown, Progress: null, Result: null));
            }

            var answers = _answers[spec.Kind];
            return Task.FromResult((answers.Count > 1 ? answers.Dequeue() : answers.Peek())(spec));
        }
    }

    /// <summary>As long as nobody has asked them to stop, all that were started count as running.</summary>
    public Task<IReadOnlyList<JobSpec>> ListRunningAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<JobSpec>>([.. _started.Where(spec => !_canceled.Contains(spec.RunId))]);
        }
    }

    public Task CancelAsync(string runId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _canceled.Add(runId);
        }

        return Task.CompletedTask;
    }
}

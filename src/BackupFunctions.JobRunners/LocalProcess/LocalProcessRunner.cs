using System.Diagnostics;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.JobRunners.Runs;

namespace BackupFunctions.JobRunners.LocalProcess;

/// <summary>
/// Jobs as processes of this machine. A process outlives the host that started it: a session of its own, output to the run's log
/// instead of pipes; after a crash the host finds it again by run id.
/// </summary>
public sealed class LocalProcessRunner : IJobRunner
{
    private readonly RunStore _store;
    private readonly LocalProcessOptions _options;

    public LocalProcessRunner(RunStore store, LocalProcessOptions options)
    {
        _store = store;
        _options = options;
    }

    public Task StartAsync(JobSpec spec, CancellationToken cancellationToken)
    {
        _store.Create(spec);
        if (_store.ReadResult(spec.RunId) is null && !_store.IsAlive(spec.RunId))
        {
            Spawn(spec.RunId);
        }

        return Task.CompletedTask;
    }

    public Task<JobStatus> GetStatusAsync(string runId, CancellationToken cancellationToken) => Task.FromResult(_store.GetStatus(runId));

    public Task<IReadOnlyList<JobSpec>> ListRunningAsync(CancellationToken cancellationToken) => Task.FromResult(_store.ListRunning());

    public Task CancelAsync(string runId, CancellationToken cancellationToken)
    {
        _store.RequestCancel(runId);
        return Task.CompletedTask;
    }

    private void Spawn(string runId)
    {
        // The shell only turns output into a private file and replaces itself; every word is an argument, none is parsed.
        var start = new ProcessStartInfo("setsid") { WorkingDirectory = _options.WorkingFolder };
        string[] arguments =
        [
            "sh", "-c", "umask 077; log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null", "sh", _store.LogOf(runId), .. _options.Command, "job", "run", runId,
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in _options.Environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            // Disposing only lets go of the handle: .NET reaps every child that it started.
            using var process = Process.Start(start) ?? throw new InvalidOperationException("setsid did not start");
            if (ProcessIdentity.Of(process.Id) is { } identity)
            {
                _store.WriteProcess(runId, identity);
            }
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            throw new PgdrException(ErrorCodes.ToolMissing, $"The job process could not be started ({e.Message}): install util-linux (setsid) and check that its working folder exists.", e);
        }
    }
}

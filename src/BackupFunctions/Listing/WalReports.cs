using System.Text.Json;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.JobRunners;
using BackupFunctions.JobRunners.Runs;

namespace BackupFunctions.Listing;

/// <summary>
/// The archived log beside the servers, looked at by a job: this process does not speak to servers. Those who ask at the same time get the same
/// look, and its run is forgotten afterwards.
/// </summary>
public sealed class WalReports(IJobRunner runner, RunStore runs, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>An HTTP front end of Azure gives up after 230 s.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Lock _lock = new();
    private Task<WalStatusReport>? _look;

    /// <exception cref="PgdrException">As the job failed; unexpected: it ended without a result, or takes too long to be waited for.</exception>
    public async Task<WalStatusReport> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await Look().WaitAsync(Patience, time, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new PgdrException(ErrorCodes.Unexpected, $"The archived log has been looked at for {Patience.TotalSeconds:0} s and is not through: ask again, which waits for the same look, or use 'pgdr wal status'.", e);
        }
    }

    private Task<WalStatusReport> Look()
    {
        lock (_lock)
        {
            return _look is { IsCompleted: false } ? _look : _look = LookAsync();
        }
    }

    private async Task<WalStatusReport> LookAsync()
    {
        var runId = $"wal-status-{Guid.NewGuid():N}";
        var parameters = JsonSerializer.SerializeToNode(new WalStatusParameters("http"), ContractJson.Options)!;
        await runner.StartAsync(new JobSpec { RunId = runId, Kind = JobKinds.WalStatus, Parameters = parameters }, CancellationToken.None);
        while (true)
        {
            var status = await runner.GetStatusAsync(runId, CancellationToken.None);
            if (status.Result is { } result)
            {
                runs.Delete(runId);
                return result.State == JobState.Succeeded
                    ? result.Output.Deserialize<WalStatusReport>(ContractJson.Options)!
                    : throw new PgdrException(result.ErrorCode ?? ErrorCodes.Unexpected, result.Error ?? $"The job {runId} ended as {result.State}: see its log in the run store.");
            }

            if (status.State is JobState.Lost or JobState.Unknown)
            {
                throw new PgdrException(ErrorCodes.Unexpected, $"The job {runId} ended without a result: see its log in the run store.");
            }

            await Task.Delay(Interval, time, CancellationToken.None);
        }
    }
}

using Microsoft.Extensions.Logging;

namespace BackupFunctions.EmbeddedHost.Timers;

/// <summary>
/// Runs one timer function by its schedule on the one host that holds its lock. Never overlaps itself; a failed run is logged and the
/// schedule goes on; occurrences that pass during a long run are skipped, except that one still due at its end follows at once.
/// </summary>
internal sealed class TimerListener(
    TimerTrigger trigger, TimeZoneInfo zone, ITimerStatusStore store, IListenerLocks locks, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>A standby asks this often whether the listening host is gone.</summary>
    public static readonly TimeSpan StandbyInterval = TimeSpan.FromSeconds(15);

    /// <summary>Longer waits are chained: a clock that was set, or a machine that slept, is noticed within this time.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    private readonly SemaphoreSlim _run = new(1, 1);
    private TimerStatus? _status;
    private bool _startupDone;

    public string Function => trigger.Function;

    public ISchedule Schedule => trigger.Schedule;

    /// <summary>Until cancelled: become the listener, then run by the schedule.</summary>
    public async Task ListenAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (await locks.TryAcquireAsync(trigger.Function, cancellationToken))
                {
                    await RunScheduleAsync(cancellationToken);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception cause)
            {
                logger.LogError(cause, "Timer {Function} cannot reach the state database; it tries again in {Interval}", trigger.Function, StandbyInterval);
            }

            await Task.Delay(StandbyInterval, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A run that a person asked for: the same code as the schedule's, which it does not change.</summary>
    public Task RunNowAsync(CancellationToken cancellationToken) => RunAsync(isPastDue: false, "asked for by the admin endpoint", cancellationToken);

    public void Dispose() => _run.Dispose();

    /// <summary>Returns when another host may have become the listener.</summary>
    private async Task RunScheduleAsync(CancellationToken cancellationToken)
    {
        var pastDue = await StartAsync(cancellationToken);
        if (pastDue)
        {
            await RunAndAdvanceAsync(isPastDue: true, $"past due, was planned for {_status!.Next:u}", served: null, cancellationToken);
        }
        else if (trigger.RunOnStartup && !_startupDone)
        {
            await RunAndAdvanceAsync(isPastDue: false, "run on startup", served: null, cancellationToken);
        }

        _startupDone = true;
        while (true)
        {
            await WaitForNextAsync(cancellationToken);
            if (!await locks.IsHeldAsync(trigger.Function, cancellationToken))
            {
                return;
            }

            await RunAndAdvanceAsync(isPastDue: false, "schedule", _status!.Next, cancellationToken);
        }
    }

    private async Task<bool> StartAsync(CancellationToken cancellationToken)
    {
        var now = Now();
        if (!trigger.IsMonitored)
        {
            _status = new TimerStatus(null, trigger.Schedule.After(now), now);
            return false;
        }

        var check = PastDue.Check(await store.ReadAsync(trigger.Function, cancellationToken), trigger.Schedule, now);
        if (check.IsNew)
        {
            await store.WriteAsync(trigger.Function, check.Status, cancellationToken);
        }

        _status = check.Status;
        return check.IsPastDue;
    }

    private async Task WaitForNextAsync(CancellationToken cancellationToken)
    {
        while (_status!.Next - time.GetUtcNow() is var wait && wait > TimeSpan.Zero)
        {
            await Task.Delay(wait > LongestWait ? LongestWait : wait, time, cancellationToken);
        }
    }

    /// <param name="served">The planned occurrence that this run is for: a clock that was set back must not bring it a second time.</param>
    private async Task RunAndAdvanceAsync(bool isPastDue, string reason, DateTimeOffset? served, CancellationToken cancellationToken)
    {
        var started = Now();
        await RunAsync(isPastDue, reason, cancellationToken);
        // Interrupted by the end of the host: the occurrence stays due, and the next start makes up for it.
        cancellationToken.ThrowIfCancellationRequested();
        var basis = served > started ? served.Value : started;
        _status = new TimerStatus(basis, trigger.Schedule.After(basis), basis);
        if (trigger.IsMonitored)
        {
            await store.WriteAsync(trigger.Function, _status, cancellationToken);
        }
    }

    private async Task RunAsync(bool isPastDue, string reason, CancellationToken cancellationToken)
    {
        await _run.WaitAsync(cancellationToken);
        try
        {
            logger.LogInformation("Timer {Function} runs ({Reason})", trigger.Function, reason);
            await trigger.RunAsync(new TimerInfo { IsPastDue = isPastDue, ScheduleStatus = Describe() }, cancellationToken);
        }
        catch (Exception cause)
        {
            logger.LogError(cause, "Timer {Function} failed; its schedule goes on", trigger.Function);
        }
        finally
        {
            _run.Release();
        }
    }

    private ScheduleStatus? Describe() =>
        trigger.IsMonitored && _status is { } status
            ? new ScheduleStatus
            {
                Last = status.Last is { } last ? Local(last) : default,
                Next = Local(status.Next),
                LastUpdated = Local(status.LastUpdated),
            }
            : null;

    private DateTime Local(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, zone).DateTime;

    private DateTimeOffset Now()
    {
        var now = time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}

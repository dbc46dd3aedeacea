using BackupFunctions.TestSupport;
using System.Collections.Concurrent;
using System.Threading.Channels;
using BackupFunctions.EmbeddedHost.Timers;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.TimerTriggers;

/// <summary>A listener with a clock, a store and locks that the test holds.</summary>
internal sealed class TimerListenerFixture(IListenerLocks? locks = null) : ITimerStatusStore, IListenerLocks, IAsyncDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<TimerInfo> _runs = Channel.CreateUnbounded<TimerInfo>();
    private TimerListener? _listener;
    private Task _listening = Task.CompletedTask;

    public FakeClock Clock { get; } = new(Noon);

    public ConcurrentDictionary<string, TimerStatus> Stored { get; } = new(StringComparer.Ordinal);

    public bool LockIsFree { get; set; } = true;

    public bool LockIsHeld { get; set; } = true;

    /// <summary>Happens between the wait for an occurrence and its run.</summary>
    public Action BeforeRun { get; set; } = () => { };

    public Func<Task> Body { get; set; } = () => Task.CompletedTask;

    public TimerListener Start(string cron, bool monitored = true, bool runOnStartup = false)
    {
        var trigger = new TimerTrigger(
            "Nightly",
            new CronSchedule(cron, CronExpression.Parse(cron), TimeZoneInfo.Utc),
            monitored,
            runOnStartup,
            async (info, cancellationToken) =>
            {
                await _runs.Writer.WriteAsync(info, cancellationToken);
                await Body();
            });
        _listener = new TimerListener(trigger, TimeZoneInfo.Utc, this, locks ?? this, Clock, NullLogger.Instance);
        _listening = Task.Run(() => _listener.ListenAsync(_stop.Token));
        return _listener;
    }

    public async Task<TimerInfo> NextRunAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return await _runs.Reader.ReadAsync(limit.Token);
    }

    public bool HasRun => _runs.Reader.Count > 0;

    public Task<TimerStatus?> ReadAsync(string function, CancellationToken cancellationToken) =>
        Task.FromResult(Stored.GetValueOrDefault(function));

    public Task WriteAsync(string function, TimerStatus status, CancellationToken cancellationToken)
    {
        Stored[function] = status;
        return Task.CompletedTask;
    }

    public Task<bool> TryAcquireAsync(string function, CancellationToken cancellationToken) => Task.FromResult(LockIsFree);

    public Task<bool> IsHeldAsync(string function, CancellationToken cancellationToken)
    {
        BeforeRun();
        return Task.FromResult(LockIsHeld);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _listening;
        _listener?.Dispose();
        _stop.Dispose();
    }
}

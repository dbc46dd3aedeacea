using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BackupFunctions.EmbeddedHost.Durable.Dispatch;

/// <summary>Starts and stops what runs orchestrations and activities in this process.</summary>
internal sealed class DurableEngine(
    OwnerSession session,
    OrchestrationDispatcher orchestrations,
    ActivityDispatcher activities,
    LeaseRenewer leases,
    TimeProvider time,
    IOptions<DurableEngineOptions> options,
    ILogger<DurableEngine> log) : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan UnwindTime = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _taking = new();
    private readonly CancellationTokenSource _living = new();
    private Task _loops = Task.CompletedTask;
    private Task _life = Task.CompletedTask;
    private bool _disposed;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await session.OpenAsync(cancellationToken);
        _life = Task.WhenAll(session.RunAsync(_living.Token), leases.RunAsync(_living.Token));
        _loops = Task.WhenAll(orchestrations.Loop.RunAsync(_taking.Token), activities.Loop.RunAsync(_taking.Token));
    }

    /// <summary>
    /// Takes no more work, lets what runs end for the drain time, then asks activities to end. What is not over by then is given back,
    /// and its answer will not count.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _taking.CancelAsync();
        await _loops;
        if (!await DrainAsync(options.Value.DrainTimeout, cancellationToken))
        {
            await activities.CancelAsync();
            if (!await DrainAsync(UnwindTime, cancellationToken))
            {
                log.LogWarning("{Count} activities did not end in time; they run again elsewhere.", activities.Running.Count);
            }
        }

        await _living.CancelAsync();
        await _life;
        await UnregisterAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await _taking.CancelAsync();
        await _living.CancelAsync();
        await Task.WhenAll(_loops, _life);
        await session.DisposeAsync();
        _taking.Dispose();
        _living.Dispose();
    }

    private async Task<bool> DrainAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(orchestrations.Loop.WhenIdleAsync(), activities.Loop.WhenIdleAsync())
                .WaitAsync(atMost, time, cancellationToken);
            return true;
        }
        catch (Exception over) when (over is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task UnregisterAsync(CancellationToken cancellationToken)
    {
        try
        {
            await session.UnregisterAsync(cancellationToken);
        }
        catch (Exception unreachable)
        {
            log.LogWarning(unreachable, "The state database is away; what this host held goes to others when the leases end.");
        }
    }
}

using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.EmbeddedHost.Timers;

/// <summary>Starts the listeners once everything else of the host is up, and stops them first.</summary>
internal sealed class TimerService(TimerListeners listeners, TimeProvider time, ILogger<TimerService> logger) : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _listening = Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        foreach (var listener in listeners.All)
        {
            logger.LogInformation(
                "Timer {Function}: {Schedule}, next run {Next:u}", listener.Function, listener.Schedule, listener.Schedule.After(time.GetUtcNow()));
        }

        _listening = Task.WhenAll(listeners.All.Select(listener => Task.Run(() => listener.ListenAsync(_stopping.Token), CancellationToken.None)));
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        // A function that ignores its token is not waited for longer than the host's shutdown timeout.
        await _listening.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stopping.Dispose();
}

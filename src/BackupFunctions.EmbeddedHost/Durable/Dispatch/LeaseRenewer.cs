using BackupFunctions.EmbeddedHost.State;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BackupFunctions.EmbeddedHost.Durable.Dispatch;

/// <summary>Prolongs the leases of what runs here, at a third of their time; silent while nothing runs.</summary>
internal sealed class LeaseRenewer(
    OwnerStore owners,
    WorkNotifications notifications,
    OrchestrationDispatcher orchestrations,
    ActivityDispatcher activities,
    TimeProvider time,
    IOptions<DurableEngineOptions> options,
    ILogger<LeaseRenewer> log)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(options.Value.Lease / 3, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await RenewAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        var running = activities.Running;
        var turns = orchestrations.Running;
        if (running.Count == 0 && turns.Count == 0)
        {
            return;
        }

        try
        {
            var held = await owners.RenewAsync(notifications.Sender, turns, running, options.Value.Lease, cancellationToken);
            foreach (var lost in running.Where(number => !held.Contains(number)))
            {
                await activities.CancelLostAsync(lost);
            }
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            log.LogWarning(failure, "Leases could not be renewed; trying again.");
        }
    }
}

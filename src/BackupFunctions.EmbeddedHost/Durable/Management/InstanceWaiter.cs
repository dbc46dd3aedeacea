using BackupFunctions.EmbeddedHost.Durable.Dispatch;
using BackupFunctions.EmbeddedHost.State;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.Durable.Management;

/// <summary>Waits for a state of an instance, called by the engine or by other hosts.</summary>
internal sealed class InstanceWaiter(
    InstanceReader reader, WorkNotifications notifications, TimeProvider time, IOptions<DurableEngineOptions> options)
{
    private static readonly TimeSpan AwayInterval = TimeSpan.FromSeconds(1);

    /// <exception cref="ArgumentException">The instance is unknown.</exception>
    public async Task<StoredInstance> WaitAsync(
        string instanceId, Func<StoredInstance, bool> isReached, bool withData, CancellationToken cancellationToken)
    {
        var (signal, watch) = notifications.Instances.Add(instanceId);
        using (watch)
        {
            while (true)
            {
                try
                {
                    var instance = await reader.GetAsync(instanceId, withData, cancellationToken)
                        ?? throw new ArgumentException($"There is no instance {instanceId}.", nameof(instanceId));
                    if (isReached(instance))
                    {
                        return instance;
                    }

                    await signal.WaitAsync(options.Value.IdlePollInterval, cancellationToken);
                }
                catch (NpgsqlException away) when (away.IsTransient)
                {
                    // A wait outlives a restart of the server; the caller decides how long it waits.
                    await Task.Delay(AwayInterval, time, cancellationToken);
                }
            }
        }
    }
}

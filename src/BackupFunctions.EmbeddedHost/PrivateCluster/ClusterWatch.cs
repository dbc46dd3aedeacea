using BackupFunctions.Contracts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.PrivateCluster;

/// <summary>Starts the private server again when it dies under a running host; one waiting connection notices, so nothing polls.</summary>
internal sealed class ClusterWatch(PrivateClusterDatabase cluster, TimeProvider time, ILogger<ClusterWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var source = await cluster.OpenAsync(stoppingToken);
                await using var connection = await source.OpenConnectionAsync(stoppingToken);
                await connection.WaitAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (NpgsqlException cause)
            {
                logger.LogWarning("The host's own PostgreSQL server went away: {Cause}", cause.Message);
                await ReviveAsync(stoppingToken);
            }
        }
    }

    private async Task ReviveAsync(CancellationToken cancellationToken)
    {
        try
        {
            await cluster.ReviveAsync(cancellationToken);
        }
        catch (Exception cause) when (cause is PgdrException or IOException)
        {
            logger.LogError(cause, "The host's own PostgreSQL server does not come back; the host goes on trying");
            await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

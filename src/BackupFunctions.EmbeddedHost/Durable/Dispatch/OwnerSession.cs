using BackupFunctions.EmbeddedHost.State;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.Durable.Dispatch;

/// <summary>
/// The one connection that a host keeps: it holds the advisory lock that shows the host alive, and hears what other hosts say.
/// </summary>
internal sealed class OwnerSession(
    DurableDatabase database,
    OwnerStore owners,
    WorkNotifications notifications,
    TimeProvider time,
    IOptions<DurableEngineOptions> options,
    ILogger<OwnerSession> log) : IAsyncDisposable
{
    private const int EarlyLooks = 5;
    private static readonly TimeSpan FirstInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ReconnectDelay = TimeSpan.FromSeconds(1);

    private NpgsqlConnection? _connection;
    private bool _isShown = true;

    /// <summary>Registers this host and frees what dead ones hold.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        _connection = await database.OpenAsync(cancellationToken);
        notifications.Sender = await OwnerStore.RegisterAsync(_connection, OwnerIdentity.OfThisProcess(), cancellationToken);
        await ListenAsync(_connection, cancellationToken);
    }

    /// <summary>Hears the other hosts until canceled, whatever happens to the connection.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await HearAsync(_connection ??= await ReopenAsync(cancellationToken), cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception broken)
            {
                log.LogWarning(broken, "The session with the state database broke; reconnecting.");
                await CloseAsync();
                database.ForgetConnections();
                await Task.Delay(ReconnectDelay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>At an orderly end: gives back what this host holds.</summary>
    public Task UnregisterAsync(CancellationToken cancellationToken) => owners.UnregisterAsync(notifications.Sender, cancellationToken);

    public async ValueTask DisposeAsync() => await CloseAsync();

    private async Task HearAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var idle = options.Value.IdlePollInterval;
        var interval = FirstInterval;
        var going = 0;
        var last = time.GetTimestamp();
        var looks = 0;
        while (true)
        {
            if (await connection.WaitAsync(interval, cancellationToken) && interval == idle && time.GetElapsedTime(last) < idle)
            {
                continue;
            }

            _isShown = _isShown || await RegisterAgainAsync(connection, cancellationToken);

            // Also shows that the connection is alive. The server may take a moment to see that a killed host is gone, on a busy machine
            // many: looks follow each other closely at first, and again for a process that is gone while its session still counts.
            var seen = await ReleaseDeadAsync(connection, cancellationToken);
            last = time.GetTimestamp();
            looks++;
            interval = (looks < EarlyLooks || seen > going, seen > 0) switch
            {
                (true, _) => FirstInterval,
                (_, true) when interval * 2 < idle => interval * 2,
                _ => idle,
            };
            going = seen;
        }
    }

    private async Task<NpgsqlConnection> ReopenAsync(CancellationToken cancellationToken)
    {
        var connection = await database.OpenAsync(cancellationToken);
        try
        {
            _isShown = await RegisterAgainAsync(connection, cancellationToken);
            await ListenAsync(connection, cancellationToken);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        notifications.TellAll();
        return connection;
    }

    private Task<bool> RegisterAgainAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        OwnerStore.RegisterAgainAsync(connection, notifications.Sender, OwnerIdentity.OfThisProcess(), cancellationToken);

    private async Task ListenAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        connection.Notification += (_, heard) => notifications.Receive(heard.Payload);
        await connection.ExecuteAsync($"LISTEN {notifications.Channel}", cancellationToken);
        await ReleaseDeadAsync(connection, cancellationToken);
    }

    /// <returns>How many others are going: their processes are gone, their sessions are not yet.</returns>
    private async Task<int> ReleaseDeadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var (dead, going) = await OwnerStore.ReleaseDeadAsync(connection, notifications.Sender, options.Value.Lease, cancellationToken);
        if (dead > 0)
        {
            log.LogInformation("Took over the work of {DeadHosts} hosts that are gone.", dead);
            notifications.TellAll();
        }

        return going;
    }

    private async Task CloseAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }
    }
}

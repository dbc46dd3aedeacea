using BackupFunctions.Catalog.Sources;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Backup;
using BackupFunctions.Jobs.Servers;
using BackupFunctions.Postgres.Replication;
using BackupFunctions.Postgres.Servers;
using Polly;
using Polly.Retry;

namespace BackupFunctions.Jobs.Wal;

/// <summary>
/// Receives a server's write-ahead log by its slot and archives it. What the slot has let go is safe on the required number of targets, so
/// a crash anywhere loses nothing: the next run begins where the slot stands. Safe to run twice; the slot lets one in at a time.
/// </summary>
public sealed class ReceiveWalJob
{
    private readonly JobEnvironment _environment;

    public ReceiveWalJob(JobEnvironment environment) => _environment = environment;

    /// <exception cref="PgdrException">
    /// wal.missing: the server has removed log that nobody had received; replication.refused, server.*: the server does not let it in;
    /// copies.missing: too few targets took it.
    /// </exception>
    public async Task<ReceiveWalResult> RunAsync(ReceiveWalParameters parameters, CancellationToken cancellationToken)
    {
        var settings = _environment.Settings;
        _environment.Reporter.Phase("receive");
        var server = ServerConnections.Named(settings, parameters.Server);
        using var signing = KeyLoader.Signing(settings.Keys);
        var keys = new WalWriterKeys(KeyLoader.Recipients(settings.Keys), signing);
        using var spool = WalSpoolFolder.Create(settings.WorkPath);
        var writer = new WalWriterSettings(settings.ClusterName, BackupCompression.OfLog(settings), settings.RequiredCopies, spool.Path, _environment.Time);
        var targets = new WalTargets(_environment.OpenTargets(), settings.RequiredCopies, _environment.Time);
        await EnsureSlotAsync(server, settings.Wal.Slot, cancellationToken);

        var run = new WalRun(_environment, parameters, server, writer, keys, targets);
        var reconnect = Reconnect(parameters.Continuous);
        while (await reconnect.ExecuteAsync(async token => await run.NextTimelineAsync(token), cancellationToken))
        {
            // Each timeline has an epoch of its own.
        }

        return run.Result;
    }

    /// <summary>A continuous receiver outlives its server's restarts; a timed one comes again by itself.</summary>
    private ResiliencePipeline Reconnect(bool continuous) => !continuous ? ResiliencePipeline.Empty : new ResiliencePipelineBuilder { TimeProvider = _environment.Time }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromSeconds(1),
            MaxDelay = TimeSpan.FromSeconds(30),
            ShouldHandle = new PredicateBuilder().Handle<PgdrException>(e => e.Code is ErrorCodes.ServerUnreachable or ErrorCodes.ReplicationRefused or ErrorCodes.ServerRefusedLogin),
            OnRetry = arguments =>
            {
                _environment.Reporter.Warn($"Receiving write-ahead log was interrupted and goes on: {arguments.Outcome.Exception!.Message}");
                return ValueTask.CompletedTask;
            },
        }).Build();

    private async Task EnsureSlotAsync(ServerConnection server, string name, CancellationToken cancellationToken)
    {
        var slot = await PhysicalSlots.FindAsync(server, name, cancellationToken);
        if (slot is { IsLost: true })
        {
            throw new PgdrException(
                ErrorCodes.WalMissing,
                $"Server '{server.Name}' has removed log that slot {name} had not received (max_slot_wal_keep_size): end it there with SELECT pg_drop_replication_slot('{name}'); and take a new base backup.");
        }

        if (slot is null)
        {
            await RequireLimitAsync(server, cancellationToken);
            await PhysicalSlots.CreateAsync(server, name, cancellationToken);
            _environment.Reporter.Detail($"slot {name} made on server '{server.Name}'");
        }
    }

    /// <summary>A slot whose receiver is gone keeps log until the disk is full, and the server stops: only who says so gets one without a limit.</summary>
    private async Task RequireLimitAsync(ServerConnection server, CancellationToken cancellationToken)
    {
        if (!_environment.Settings.Wal.UnlimitedSlot && await PhysicalSlots.LimitAsync(server, cancellationToken) is null)
        {
            throw new PgdrException(
                ErrorCodes.ReplicationRefused,
                $"Server '{server.Name}' would keep log for a slot until its disk is full (max_slot_wal_keep_size is -1): run ALTER SYSTEM SET max_slot_wal_keep_size = '20GB'; SELECT pg_reload_conf(); "
                + "or set WAL_SLOT_UNLIMITED to true.");
        }
    }
}

using BackupFunctions.Catalog.Sources;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Backup;
using BackupFunctions.Jobs.Servers;
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
    /// wal.missing: the server removed log while it was received, which the next run records, or is another cluster now; replication.refused, server.*: the server does not let it in;
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
        var run = new WalRun(_environment, parameters, server, writer, keys, targets);
        var reconnect = Reconnect(parameters.Continuous, run);
        while (await reconnect.ExecuteAsync(async token => await run.NextTimelineAsync(token), cancellationToken))
        {
            // Each timeline has an epoch of its own.
        }

        return run.Result;
    }

    /// <summary>A continuous receiver outlives its server's restarts; a timed one comes again by itself.</summary>
    private ResiliencePipeline Reconnect(bool continuous, WalRun run) => !continuous ? ResiliencePipeline.Empty : new ResiliencePipelineBuilder { TimeProvider = _environment.Time }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromSeconds(1),
            MaxDelay = TimeSpan.FromSeconds(30),
            ShouldHandle = new PredicateBuilder().Handle<PgdrException>(e =>
                e.Code is ErrorCodes.ServerUnreachable or ErrorCodes.ReplicationRefused or ErrorCodes.ServerRefusedLogin

                // Log that went away meanwhile is a gap, which the next connection records; another cluster is none of this run's.
                || (e.Code == ErrorCodes.WalMissing && !run.IsAnotherSystem)),
            OnRetry = arguments =>
            {
                _environment.Reporter.Warn($"Receiving write-ahead log was interrupted and goes on: {arguments.Outcome.Exception!.Message}");
                return ValueTask.CompletedTask;
            },
        }).Build();
}

using BackupFunctions.Catalog;
using BackupFunctions.Catalog.Sources;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Retention.Wal;
using BackupFunctions.Retention;
using BackupFunctions.Storage;
using BackupFunctions.Storage.FanOut;
using BackupFunctions.Storage.Resume;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Jobs.Retention;

/// <summary>
/// Retention: reads what there is, lets the planner decide, signs tombstones, deletes what has been tombstoned long enough, and sweeps
/// what killed jobs left. Safe to run twice and to be killed anywhere.
/// </summary>
public sealed class CleanupJob
{
    /// <summary>No upload takes so long, and none is taken up again after it.</summary>
    private static readonly TimeSpan AbandonedUpload = TimeSpan.FromDays(7);

    private readonly JobEnvironment _environment;

    public CleanupJob(JobEnvironment environment) => _environment = environment;

    public async Task<CleanupOutcome> RunAsync(CleanupParameters parameters, CancellationToken cancellationToken)
    {
        var settings = _environment.Settings;
        var targets = _environment.OpenTargets();
        var keys = KeyLoader.Verification(settings.Keys);
        var catalog = new StorageCatalog(settings.ClusterName, targets, keys);
        _environment.Reporter.Phase("read");
        var reading = await new RetentionReader(settings.ClusterName, targets, keys, catalog, settings.Retention.Policy.Grace, _environment.Time).ReadAsync(_environment.Reporter, cancellationToken);
        _environment.Reporter.Phase("plan");
        var now = _environment.Time.GetUtcNow();
        var plan = new RetentionPlanner().Plan(reading.State, settings.Retention.Policy, now);
        _environment.Reporter.WarnAll(plan.Warnings);

        var counts = new CleanupCounts();
        foreach (var unknown in reading.State.Unknowns.Select(unknown => unknown.Sentence).Concat(reading.Log.Problems).Distinct(StringComparer.Ordinal))
        {
            counts.Problems.Enqueue(unknown);
        }

        if (!parameters.DryRun)
        {
            using var signingKey = KeyLoader.Signing(settings.Keys);
            var statements = new RetentionStatements(
                settings.ClusterName, targets, targets.Count, signingKey, _environment.Time, _environment.Loggers.CreateLogger<FanOutSession>());
            var deletion = new BackupDeletion(settings.ClusterName, targets, catalog, statements, _environment.Time);
            await new CleanupExecutor(reading, statements, deletion, _environment.Reporter, counts).RunAsync(plan, cancellationToken);
            var log = new WalCleanup(settings.ClusterName, targets, new WalExpiryWriter(settings.ClusterName, targets, signingKey, _environment.Time, _environment.Loggers.CreateLogger<FanOutSession>()), _environment.Reporter, counts);
            await log.RunAsync(plan, reading, now, settings.Retention.Policy.RecoveryWindow, cancellationToken);
            await FreeUploadsAsync(targets, now, counts, cancellationToken);
        }

        await SweepAsync(parameters, targets, reading, now, counts, cancellationToken);
        var outcome = CleanupReport.Create(parameters, reading, plan, counts);
        _environment.Reporter.WarnAll(outcome.Result.Problems);
        return outcome;
    }

    /// <summary>Only when every target could be read: a manifest may lie on the one that is away.</summary>
    private async Task SweepAsync(
        CleanupParameters parameters, IReadOnlyList<IStorageTarget> targets, RetentionReading reading, DateTimeOffset now, CleanupCounts counts,
        CancellationToken cancellationToken)
    {
        if (reading.State.Unknowns.Any(unknown => unknown is { Database: null, SystemId: null }))
        {
            return;
        }

        _environment.Reporter.Phase("sweep");
        var sweep = new OrphanSweep(_environment.Settings.ClusterName, targets, _environment.Settings.Retention.OrphanAge, now);
        var plan = await sweep.PlanAsync(reading.Orphans, reading.State.Leases, cancellationToken);
        foreach (var problem in plan.Problems)
        {
            counts.Problems.Enqueue(problem);
        }

        if (parameters.DryRun)
        {
            counts.Orphans = plan.Going.Count;
            return;
        }

        foreach (var orphan in plan.Going)
        {
            await TryAsync(
                async () =>
                {
                    counts.Bytes += await sweep.RunAsync(orphan, cancellationToken);
                    counts.Orphans++;
                },
                counts);
        }

        foreach (var (target, key) in reading.EndedLeases)
        {
            var holder = targets.First(each => string.Equals(each.Name, target, StringComparison.Ordinal));
            await TryAsync(() => holder.DeleteForGoodAsync(key, cancellationToken), counts);
        }
    }

    /// <summary>Whoever may not list or free them loses space and nothing else: a warning.</summary>
    private async Task FreeUploadsAsync(IReadOnlyList<IStorageTarget> targets, DateTimeOffset now, CleanupCounts counts, CancellationToken cancellationToken)
    {
        foreach (var target in targets)
        {
            try
            {
                counts.Uploads += await target.AbortAbandonedAsync($"{_environment.Settings.ClusterName}/", now - AbandonedUpload, cancellationToken);
            }
            catch (StorageException e)
            {
                _environment.Reporter.Warn($"Uploads that were never finished could not be freed: {e.Message}");
            }
        }
    }

    /// <summary>What a target refuses to delete is reported and does not end the sweep; what a lock holds goes with a later run.</summary>
    private async Task TryAsync(Func<Task> delete, CleanupCounts counts)
    {
        try
        {
            await delete();
        }
        catch (StorageException e) when (e.Code is ErrorCodes.TargetRefused)
        {
            counts.Problems.Enqueue(e.Message);
        }
        catch (StorageException e) when (e.Code is ErrorCodes.ObjectLocked)
        {
            _environment.Reporter.Warn(e.Message);
        }
    }
}

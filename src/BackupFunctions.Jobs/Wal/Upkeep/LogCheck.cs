using BackupFunctions.Archive.Keys;
using BackupFunctions.Catalog.Wal;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Wal.Upkeep;

/// <summary>
/// The integrity check of archived write-ahead log, of all servers that storage has some of: reads a sample, replaces damaged copies, and
/// gives every target what it missed. Bounded; the next run goes on. Safe to run twice, beside receivers, and to be killed anywhere.
/// </summary>
internal sealed class LogCheck(JobEnvironment environment, IReadOnlyList<IStorageTarget> targets, VerificationKeyRing keys)
{
    /// <summary>How much is copied.</summary>
    public LogBudget Budget { get; init; } = LogBudget.OfOneRun();

    /// <returns>Null: no target that can be asked has any log.</returns>
    public async Task<LogCheckResult?> RunAsync(VerifyCopiesParameters parameters, CancellationToken cancellationToken)
    {
        var cluster = environment.Settings.ClusterName;
        var counts = new LogCounts();
        try
        {
            var systems = await new WalEpochs(cluster, targets, keys).ServersAsync(cancellationToken);
            if (systems.Count == 0)
            {
                return null;
            }

            environment.Reporter.Phase("log");
            foreach (var system in systems)
            {
                environment.Reporter.Detail($"log of server {system}");
                var log = await ServerLog.ReadAsync(cluster, system, targets, keys, away => counts.Problem(away.Message), cancellationToken);
                foreach (var doubt in log.Expired.Doubts)
                {
                    counts.Problem(doubt);
                }

                await new ServerLogCheck(cluster, log, keys, environment.Reporter, counts).RunAsync(parameters, Budget, environment.Time.GetUtcNow(), cancellationToken);
            }
        }
        catch (StorageException e)
        {
            counts.Problem(e.Message);
        }

        return counts.ToResult(parameters.Repair);
    }
}

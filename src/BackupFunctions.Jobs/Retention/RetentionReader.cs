using System.Collections.Concurrent;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Retention.Wal;
using BackupFunctions.Retention.State;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Retention;

/// <summary>From what storage holds to what the planner decides by. What cannot be read becomes something that is not known.</summary>
internal sealed class RetentionReader
{
    /// <summary>A lock is a request of its own for each copy.</summary>
    private const int LocksAtATime = 16;

    private readonly string _cluster;
    private readonly IReadOnlyList<IStorageTarget> _targets;
    private readonly VerificationKeyRing _keys;
    private readonly StorageCatalog _catalog;
    private readonly TimeSpan _grace;
    private readonly TimeProvider _time;

    /// <param name="cluster">Whose.</param>
    /// <param name="targets">All of them.</param>
    /// <param name="keys">Manifests, epochs and statements are signed by one of them.</param>
    /// <param name="catalog">Of the same targets.</param>
    /// <param name="grace">Statements on expired log are read so far back.</param>
    /// <param name="time">Now.</param>
    public RetentionReader(
        string cluster, IReadOnlyList<IStorageTarget> targets, VerificationKeyRing keys, StorageCatalog catalog, TimeSpan grace, TimeProvider time) =>
        (_cluster, _targets, _keys, _catalog, _grace, _time) = (cluster, targets, keys, catalog, grace, time);

    public async Task<RetentionReading> ReadAsync(IJobReporter reporter, CancellationToken cancellationToken)
    {
        var scan = await _catalog.ScanAsync(cancellationToken);
        var unknowns = scan.Away.Values.Select(e => new UnknownFact(e.Message)).ToList();
        var backups = new List<KnownBackup>(scan.Count);
        var manifests = new Dictionary<string, string>(scan.Count, StringComparer.Ordinal);
        var orphans = new List<OrphanFolder>();
        await foreach (var entry in scan.ReadAsync(cancellationToken))
        {
            if (entry.Stored is { } stored && entry.Failure is null)
            {
                manifests[entry.BackupId] = stored.Document.Sha256;
                backups.Add(Known(entry, stored, unknowns));
                reporter.Detail($"{backups.Count} of {scan.Count} backups read");
            }
            else if (entry.Failure is { } failure)
            {
                unknowns.Add(new UnknownFact($"Backup {entry.BackupId}: {failure.Message}"));
            }
            else
            {
                orphans.Add(new OrphanFolder(entry.BackupId, entry.Folders, entry.HasStatements));
            }
        }

        await ReadLocksAsync(backups, unknowns, cancellationToken);
        var (leases, ended) = await LeasesAsync(scan, unknowns, cancellationToken);
        reporter.Detail("reading the write-ahead log's names");
        var wal = await new WalReader(_cluster, [.. _targets.Where(target => !scan.Away.ContainsKey(target.Name))], _keys, _time.GetUtcNow() - _grace).ReadAsync(cancellationToken);
        unknowns.AddRange(wal.Unknowns);
        var state = new RetentionState
        {
            Backups = backups,
            Wal = wal.Objects,
            Epochs = wal.Epochs,
            Expiries = wal.Expiries,
            Timelines = wal.Timelines,
            Leases = leases,
            Unknowns = unknowns,
        };
        return new RetentionReading(state, manifests, orphans, ended, wal);
    }

    private static KnownBackup Known(CatalogEntry entry, StoredManifest stored, List<UnknownFact> unknowns)
    {
        var manifest = stored.Manifest;
        var wal = manifest.Base is { } from
            ? new WalSpan(manifest.Server.SystemIdentifier!, from.Timeline, Lsn.Parse(from.StartLsn), Lsn.Parse(from.StopLsn)) { StopTimeline = from.StopTimeline }
            : null;
        unknowns.AddRange(entry.Doubts.Select(doubt => new UnknownFact(doubt) { Database = wal is null ? manifest.Database : null, SystemId = wal?.SystemId }));
        var holders = stored.Targets.Union(entry.Folders, StringComparer.Ordinal);
        var facts = BackupFacts.Of(stored.Document.Sha256, holders, entry.Statements);
        return new KnownBackup
        {
            Id = manifest.BackupId,
            Form = wal is null ? BackupForm.Logical : BackupForm.Base,
            Wal = wal,
            Database = manifest.Database,
            Tenant = manifest.Tenant?.Id,
            ConfigurationOf = manifest.ConfigurationOf,
            SnapshotAt = manifest.SnapshotAt,
            Status = facts.Status,
            Parents = manifest.Parents,
            IsArchive = manifest.Archive,
            KeepUntil = facts.KeepUntil,
            Copies = [.. facts.Copies.Select(copy => new KnownCopy(copy.Target, HealthOf(entry, stored, copy), StageOf(copy), copy.TombstonedAt))],
        };
    }

    private static CopyHealth HealthOf(CatalogEntry entry, StoredManifest stored, CopyFacts copy) =>
        entry.UnreadableOn.Contains(copy.Target, StringComparer.Ordinal) ? CopyHealth.Unknown

        // A folder without the manifest that other targets have: not finished, or damaged.
        : copy.Quarantined || !stored.Targets.Contains(copy.Target, StringComparer.Ordinal) ? CopyHealth.Damaged
        : copy.Verified ? CopyHealth.Verified
        : CopyHealth.Unverified;

    private static CopyStage StageOf(CopyFacts copy) =>
        copy.DeletedAt is not null ? CopyStage.Deleted : copy.DeletionStartedAt is not null ? CopyStage.Deleting : CopyStage.Live;

    private async Task ReadLocksAsync(List<KnownBackup> backups, List<UnknownFact> unknowns, CancellationToken cancellationToken)
    {
        var targets = _targets.OfType<IVersionedTarget>().ToDictionary(target => target.Name, StringComparer.Ordinal);
        var failures = new ConcurrentQueue<UnknownFact>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = LocksAtATime, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, targets.Count == 0 ? 0 : backups.Count, options, async (index, token) =>
        {
            var copies = new List<KnownCopy>();
            foreach (var copy in backups[index].Copies)
            {
                copies.Add(targets.TryGetValue(copy.Target, out var target) && copy.Stage != CopyStage.Deleted
                    ? copy with { LockedUntil = await LockAsync(target, backups[index].Id, failures, token) }
                    : copy);
            }

            backups[index] = backups[index] with { Copies = copies };
        });
        unknowns.AddRange(failures);
    }

    /// <summary>The manifest is locked last: its lock says that all objects of the copy are locked.</summary>
    private async Task<DateTimeOffset?> LockAsync(IVersionedTarget target, string backupId, ConcurrentQueue<UnknownFact> failures, CancellationToken cancellationToken)
    {
        try
        {
            return await target.FindLockAsync(StorageKeys.Manifest(_cluster, backupId), cancellationToken);
        }
        catch (StorageException e)
        {
            failures.Enqueue(new UnknownFact(e.Message));
            return null;
        }
    }

    private async Task<(IReadOnlyList<Lease> Leases, IReadOnlyList<(string Target, string Key)> Ended)> LeasesAsync(
        CatalogScan scan, List<UnknownFact> unknowns, CancellationToken cancellationToken)
    {
        var leases = new ConcurrentBag<Lease>();
        var ended = new ConcurrentBag<(string Target, string Key)>();
        var away = new ConcurrentBag<UnknownFact>();
        await Parallel.ForEachAsync(_targets.Where(target => !scan.Away.ContainsKey(target.Name)), cancellationToken, async (target, token) =>
        {
            try
            {
                await foreach (var (lease, key) in LeaseReader.ReadAsync(target, _cluster, backupId: null, token))
                {
                    if (lease.Until > _time.GetUtcNow())
                    {
                        leases.Add(lease);
                    }
                    else
                    {
                        ended.Add((target.Name, key));
                    }
                }
            }
            catch (StorageException e)
            {
                away.Add(new UnknownFact(e.Message));
            }
        });
        unknowns.AddRange(away);
        return ([.. leases], [.. ended]);
    }
}

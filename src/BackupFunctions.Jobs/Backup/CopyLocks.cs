using System.Collections.Concurrent;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Backup;

/// <summary>
/// Locks a backup on the targets whose settings ask for it: its data, then its signature, and last its manifest, whose lock therefore
/// says that all of it is locked. A lock that cannot be set is a warning: the backup exists all the same.
/// </summary>
internal sealed class CopyLocks
{
    private const int Parallelism = 8;

    /// <summary>Of the names of statements.</summary>
    private const string VerifiedSuffix = "-verified";

    private readonly JobEnvironment _environment;
    private readonly IReadOnlyList<ILockingTarget> _targets;
    private readonly bool _mayBeLocked;
    private readonly ConcurrentDictionary<string, DateTimeOffset> _until = new(StringComparer.Ordinal);

    /// <param name="environment">Takes the warnings.</param>
    /// <param name="targets">Targets that hold the whole backup, or may come to.</param>
    /// <param name="mayBeLocked">Some objects may have locks already, which no store makes shorter.</param>
    public CopyLocks(JobEnvironment environment, IEnumerable<IStorageTarget> targets, bool mayBeLocked = false)
    {
        (_environment, _mayBeLocked) = (environment, mayBeLocked);
        _targets = [.. targets.OfType<ILockingTarget>().Where(target => target.LockPolicy is not null)];
    }

    /// <summary>When the lock of a whole copy ends, by target.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> Until => _until;

    /// <summary>Once the manifest is written.</summary>
    public async Task LockBackupAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        if (_targets.Count > 0)
        {
            _environment.Reporter.Phase("lock");
            var now = _environment.Time.GetUtcNow();
            await Task.WhenAll(_targets.Select(target => LockBackupAsync(target, manifest, now + target.LockPolicy!.Period, cancellationToken)));
        }
    }

    /// <summary>
    /// Once copies that were made later are whole: until the end that the lock would have had, had it been set with the backup, and not
    /// before that of any copy that has one. A lock whose end has passed is not set; one that lasts longer stays.
    /// </summary>
    /// <param name="manifest">Of the backup.</param>
    /// <param name="made">Names of the targets whose copies are to be locked.</param>
    /// <param name="all">Targets with a whole copy.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task LockLaterAsync(Manifest manifest, IReadOnlyList<string> made, IEnumerable<IStorageTarget> all, CancellationToken cancellationToken)
    {
        var due = _targets.Where(target => made.Contains(target.Name, StringComparer.Ordinal)).ToList();
        if (due.Count == 0)
        {
            return;
        }

        var ends = await Task.WhenAll(all.OfType<IVersionedTarget>().Select(target => LockOfAsync(target, manifest, cancellationToken)));
        foreach (var target in due)
        {
            var until = ends.Append(manifest.FinishedAt + target.LockPolicy!.Period).Max()!.Value;
            if (until > _environment.Time.GetUtcNow())
            {
                await LockBackupAsync(target, manifest, until, cancellationToken);
            }
        }
    }

    /// <summary>
    /// Once the copies are verified: that the backup was good is what retention keeps it by. Other statements are left without a lock:
    /// removing one makes no locked data deletable.
    /// </summary>
    public Task LockStatementsAsync(Manifest manifest, CancellationToken cancellationToken) =>
        Task.WhenAll(_targets.Where(target => _until.ContainsKey(target.Name)).Select(target => TryAsync(
            target,
            $"the statements of backup {manifest.BackupId}",
            async () =>
            {
                var keys = new List<string>();
                await foreach (var stored in target.ListAsync(StorageKeys.Statements(manifest.Cluster, manifest.BackupId), cancellationToken))
                {
                    if (Path.GetFileNameWithoutExtension(stored.Key).EndsWith(VerifiedSuffix, StringComparison.Ordinal))
                    {
                        keys.Add(stored.Key);
                    }
                }

                await LockAllAsync(target, keys, _until[target.Name], cancellationToken);
            },
            cancellationToken)));

    private Task LockBackupAsync(ILockingTarget target, Manifest manifest, DateTimeOffset end, CancellationToken cancellationToken)
    {
        // Stores keep whole seconds.
        var until = end.AddTicks(-(end.Ticks % TimeSpan.TicksPerSecond));
        return TryAsync(
            target,
            $"backup {manifest.BackupId}",
            async () =>
            {
                await LockAllAsync(
                    target, manifest.Objects.Select(stored => StorageKeys.Object(manifest.Cluster, manifest.BackupId, stored.Name)), until, cancellationToken);
                await LockAsync(target, StorageKeys.ManifestSignature(manifest.Cluster, manifest.BackupId), until, cancellationToken);
                await LockAsync(target, StorageKeys.Manifest(manifest.Cluster, manifest.BackupId), until, cancellationToken);
                _until[target.Name] = until;
            },
            cancellationToken);
    }

    /// <summary>What a target does not tell makes a lock no shorter than the settings want it.</summary>
    private static async Task<DateTimeOffset?> LockOfAsync(IVersionedTarget target, Manifest manifest, CancellationToken cancellationToken)
    {
        try
        {
            return await target.FindLockAsync(StorageKeys.Manifest(manifest.Cluster, manifest.BackupId), cancellationToken);
        }
        catch (StorageException)
        {
            return null;
        }
    }

    private Task LockAllAsync(ILockingTarget target, IEnumerable<string> keys, DateTimeOffset until, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            keys,
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (key, token) => await LockAsync(target, key, until, token));

    private async Task LockAsync(ILockingTarget target, string key, DateTimeOffset until, CancellationToken cancellationToken)
    {
        if (!_mayBeLocked || target is not IVersionedTarget versioned || await versioned.FindLockAsync(key, cancellationToken) is not { } present || present < until)
        {
            await target.LockAsync(key, until, cancellationToken);
        }
    }

    private async Task TryAsync(ILockingTarget target, string what, Func<Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            var cause = e is PgdrException ? e.Message : $"it failed unexpectedly ({e.GetType().Name})";
            _environment.Reporter.Warn($"On target '{target.Name}' {what} could not be locked and can be erased with stolen credentials: {cause}");
        }
    }
}

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

    private readonly JobEnvironment _environment;
    private readonly IReadOnlyList<ILockingTarget> _targets;
    private readonly ConcurrentDictionary<string, DateTimeOffset> _until = new(StringComparer.Ordinal);

    /// <param name="environment">Takes the warnings.</param>
    /// <param name="holders">Targets that hold the whole backup.</param>
    public CopyLocks(JobEnvironment environment, IEnumerable<IStorageTarget> holders)
    {
        _environment = environment;
        _targets = [.. holders.OfType<ILockingTarget>().Where(target => target.LockPolicy is not null)];
    }

    /// <summary>When the lock of a whole copy ends, by target.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> Until => _until;

    /// <summary>Once the manifest is written.</summary>
    public async Task LockBackupAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        if (_targets.Count == 0)
        {
            return;
        }

        _environment.Reporter.Phase("lock");
        var data = manifest.Objects.Select(stored => StorageKeys.Object(manifest.Cluster, manifest.BackupId, stored.Name)).ToList();
        await Task.WhenAll(_targets.Select(target => TryAsync(
            target,
            $"backup {manifest.BackupId}",
            async until =>
            {
                await LockAllAsync(target, data, until, cancellationToken);
                await target.LockAsync(StorageKeys.ManifestSignature(manifest.Cluster, manifest.BackupId), until, cancellationToken);
                await target.LockAsync(StorageKeys.Manifest(manifest.Cluster, manifest.BackupId), until, cancellationToken);
                _until[target.Name] = until;
            },
            cancellationToken)));
    }

    /// <summary>
    /// Once the copies are verified: that the backup was good is what retention keeps it by. Other statements are left without a lock:
    /// removing one makes no locked data deletable.
    /// </summary>
    public Task LockStatementsAsync(Manifest manifest, CancellationToken cancellationToken) =>
        Task.WhenAll(_targets.Where(target => _until.ContainsKey(target.Name)).Select(target => TryAsync(
            target,
            $"the statements of backup {manifest.BackupId}",
            async _ =>
            {
                var keys = new List<string>();
                await foreach (var stored in target.ListAsync(StorageKeys.Statements(manifest.Cluster, manifest.BackupId), cancellationToken))
                {
                    keys.Add(stored.Key);
                }

                await LockAllAsync(target, keys, _until[target.Name], cancellationToken);
            },
            cancellationToken)));

    private static Task LockAllAsync(ILockingTarget target, IEnumerable<string> keys, DateTimeOffset until, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            keys,
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (key, token) => await target.LockAsync(key, until, token));

    private async Task TryAsync(ILockingTarget target, string what, Func<DateTimeOffset, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            // Stores keep whole seconds.
            var until = _environment.Time.GetUtcNow() + target.LockPolicy!.Period;
            await work(until.AddTicks(-(until.Ticks % TimeSpan.TicksPerSecond)));
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            var cause = e is PgdrException ? e.Message : $"it failed unexpectedly ({e.GetType().Name})";
            _environment.Reporter.Warn($"On target '{target.Name}' {what} could not be locked and can be erased with stolen credentials: {cause}");
        }
    }
}

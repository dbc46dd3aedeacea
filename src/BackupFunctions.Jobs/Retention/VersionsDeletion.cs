using System.Collections.Concurrent;
using BackupFunctions.Contracts;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Retention;

/// <summary>Deletes versions on one target, several at a time; one that a lock holds or that is refused does not stand in the way of the others.</summary>
/// <param name="target">Where.</param>
/// <param name="parallelism">At a time.</param>
/// <param name="mostRefusals">After so many refusals nothing more is tried.</param>
internal sealed class VersionsDeletion(IStorageTarget target, int parallelism, int mostRefusals)
{
    private readonly ConcurrentDictionary<string, byte> _problems = new(StringComparer.Ordinal);
    private string? _firstLock;
    private int _deleted;
    private int _locked;
    private int _refused;

    public int Deleted => _deleted;

    public int Locked => _locked;

    public bool IsStuck => Volatile.Read(ref _refused) >= mostRefusals;

    /// <summary>A sentence; null: no lock was met.</summary>
    public string? FirstLock => _firstLock;

    public IEnumerable<string> Problems => _problems.Keys.Order(StringComparer.Ordinal);

    /// <summary>Deleting again what is gone succeeds.</summary>
    /// <returns>Those that are left.</returns>
    /// <exception cref="StorageException">The target is away.</exception>
    public async Task<IReadOnlyCollection<StoredVersion>> RunAsync(IReadOnlyCollection<StoredVersion> versions, CancellationToken cancellationToken)
    {
        var left = new ConcurrentBag<StoredVersion>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(versions, options, async (version, token) =>
        {
            if (IsStuck || !await TryAsync(version, token))
            {
                left.Add(version);
            }
        });
        return left;
    }

    private async Task<bool> TryAsync(StoredVersion version, CancellationToken cancellationToken)
    {
        try
        {
            await (target is IVersionedTarget versioned
                ? versioned.DeleteVersionAsync(version.Key, version.VersionId, cancellationToken)
                : target.DeleteAsync(version.Key, cancellationToken));
            Interlocked.Increment(ref _deleted);
            return true;
        }
        catch (StorageException e) when (e.Code is ErrorCodes.TargetRefused)
        {
            Interlocked.Increment(ref _refused);
            _problems.TryAdd(e.Message, 0);
        }
        catch (StorageException e) when (e.Code is ErrorCodes.ObjectLocked)
        {
            Interlocked.Increment(ref _locked);
            Interlocked.CompareExchange(ref _firstLock, e.Message, null);
        }

        return false;
    }
}

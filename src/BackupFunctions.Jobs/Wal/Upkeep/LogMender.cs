using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Repair;
using BackupFunctions.Jobs.Verify;
using BackupFunctions.Storage;
using BackupFunctions.Storage.Resume;

namespace BackupFunctions.Jobs.Wal.Upkeep;

/// <summary>Gives a target a copy of an object that others hold, and reads it back. Nothing is overwritten.</summary>
internal sealed class LogMender(string cluster, string system, LogInspector inspector, IJobReporter reporter)
{
    /// <param name="name">The object.</param>
    /// <param name="content">What a good copy was read to be.</param>
    /// <param name="sources">Targets whose copy is that.</param>
    /// <param name="target">Takes it; holding the same bytes already is a success.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="StorageException">No source served it whole, the target does not take it, or what it took is not what it gives.</exception>
    public async Task CopyAsync(
        WalObjectName name, ExpectedObject content, IReadOnlyList<IStorageTarget> sources, IStorageTarget target, CancellationToken cancellationToken)
    {
        var key = StorageKeys.WalObject(cluster, system, name);
        var item = new ManifestObject(name.ToString(), "wal", content.Size, content.Sha256, string.Empty);
        await ObjectCopier.CopyAsync([.. sources.Select(source => new ObjectSource(source))], target, key, item, read => reporter.AddBytes(read), cancellationToken);
        if (await inspector.ReadAsync(target, name, listed: null, cancellationToken) is { Condition: not ObjectCondition.Good } reading)
        {
            throw new StorageException(
                reading.Condition == ObjectCondition.Unknown ? ErrorCodes.TargetUnreachable : ErrorCodes.ObjectDamaged, target.Name, $"It was copied and read again: {reading.Detail}");
        }
    }

    /// <summary>
    /// The damaged one goes first; only when it was wrong in four readings, and a source was read whole and right just before. On a target
    /// that keeps versions this hides the damaged version and keeps it; a target whose lock refuses it says so.
    /// </summary>
    /// <returns>What became of it.</returns>
    public async Task<Replacement> ReplaceAsync(
        WalObjectName name, WalInventoryObject? listed, IReadOnlyList<IStorageTarget> sources, IStorageTarget target, CancellationToken cancellationToken)
    {
        var again = await inspector.ReadAsync(target, name, listed, cancellationToken);
        if (again.Condition is ObjectCondition.Good or ObjectCondition.Unknown)
        {
            return new Replacement(again.Detail) { ReadRight = again.Condition == ObjectCondition.Good };
        }

        foreach (var source in sources)
        {
            if (await inspector.ReadAsync(source, name, listed, cancellationToken) is { Content: { } content })
            {
                try
                {
                    await target.DeleteAsync(StorageKeys.WalObject(cluster, system, name), cancellationToken);
                    await CopyAsync(name, content, [source], target, cancellationToken);
                    return new Replacement(WhyNot: null) { Replaced = true };
                }
                catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is StorageException or IOException)
                {
                    return new Replacement(e.Message);
                }
            }
        }

        return new Replacement("No other target that can be read has a good copy, so this one was not touched: bring an unreachable target back.");
    }
}

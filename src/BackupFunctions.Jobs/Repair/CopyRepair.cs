using BackupFunctions.Archive.Manifests;
using BackupFunctions.Catalog;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Verify;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Repair;

/// <summary>
/// Makes a copy whole from its own older versions where the target keeps them, else from the objects of other copies: what is there and
/// right stays, what is absent is copied, what is damaged is replaced, the manifest comes last. Killed anywhere, the next run takes up what
/// is left; two at once write the same bytes.
/// </summary>
internal sealed class CopyRepair
{
    private const int Parallelism = 4;

    private readonly CopyInspector _inspector;
    private readonly IJobReporter _reporter;

    public CopyRepair(CopyInspector inspector, IJobReporter reporter) => (_inspector, _reporter) = (inspector, reporter);

    /// <param name="stored">The manifest that its signature proves.</param>
    /// <param name="copy">The one to mend, as this run found it.</param>
    /// <param name="all">All copies, as this run found them.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Why it is not whole, one sentence; null when it is whole and was read again.</returns>
    public async Task<string?> RunAsync(StoredManifest stored, CopyState copy, IReadOnlyList<CopyState> all, CancellationToken cancellationToken)
    {
        if (copy.Objects.FirstOrDefault(state => state.Condition == ObjectCondition.Unknown) is { } unknown)
        {
            return unknown.Detail;
        }

        var older = await OlderVersions.OfAsync(copy.Target, stored.Manifest, _inspector, cancellationToken);
        var broken = await BrokenAsync(stored.Manifest, copy, all, older, cancellationToken);
        if (broken.FirstOrDefault(each => each.Sources.Count == 0) is { } hopeless)
        {
            return $"No other copy that can be read has a good {hopeless.Item.Name}, so nothing of this one was touched: bring an unreachable target back, or use another backup."
                + (older.WhyNot is { } whyNot ? $" Older versions could not be looked at: {whyNot}" : string.Empty);
        }

        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(broken, options, async (each, token) => await MendAsync(copy.Target, stored.Manifest, each, token));
            await PutDocumentsAsync(copy.Target, stored, cancellationToken);
            return await FindProblemAsync(copy.Target, stored, broken, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is StorageException or IOException)
        {
            return e.Message;
        }
    }

    /// <summary>All sources are known before the first object is touched.</summary>
    private static async Task<IReadOnlyList<BrokenObject>> BrokenAsync(
        Manifest manifest, CopyState copy, IReadOnlyList<CopyState> all, OlderVersions older, CancellationToken cancellationToken)
    {
        List<ManifestObject> items = [.. manifest.Objects.Where(item => copy.ConditionOf(KeyOf(manifest, item)) != ObjectCondition.Good)];
        var broken = new BrokenObject[items.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, items.Count, options, async (index, token) =>
        {
            var key = KeyOf(manifest, items[index]);
            var sources = all.Where(other => !ReferenceEquals(other, copy) && other.ConditionOf(key) == ObjectCondition.Good)
                .Select(other => new ObjectSource(other.Target));
            broken[index] = new BrokenObject(
                items[index], key, await older.FindAsync(key, items[index], token) is { } own ? [own, .. sources] : [.. sources]);
        });
        return broken;
    }

    private static string KeyOf(Manifest manifest, ManifestObject item) => StorageKeys.Object(manifest.Cluster, manifest.BackupId, item.Name);

    private async Task MendAsync(IStorageTarget target, Manifest manifest, BrokenObject broken, CancellationToken cancellationToken)
    {
        // Another repair may have been here since.
        var now = await _inspector.InspectAsync(target, manifest, broken.Item, cancellationToken);
        if (now.Condition == ObjectCondition.Good)
        {
            return;
        }

        if (now.Condition == ObjectCondition.Wrong)
        {
            await RemoveDamagedAsync(target, broken, cancellationToken);
        }

        await ObjectCopier.CopyAsync(broken.Sources, target, broken.Key, broken.Item, read => _reporter.AddBytes(read), cancellationToken);
    }

    /// <summary>
    /// Objects are never overwritten, so the damaged one goes first; only when it was wrong in four readings, and a source was read whole
    /// and right just before. On a target that keeps versions this hides the damaged version and keeps it; a target whose lock refuses
    /// it says so.
    /// </summary>
    private async Task RemoveDamagedAsync(IStorageTarget target, BrokenObject broken, CancellationToken cancellationToken)
    {
        foreach (var source in broken.Sources)
        {
            if (await _inspector.IsGoodAsync(source, broken.Key, broken.Item, cancellationToken))
            {
                await target.DeleteAsync(broken.Key, cancellationToken);
                return;
            }
        }

        throw new StorageException(
            Contracts.ErrorCodes.CopiesMissing, target.Name,
            $"No other copy has a good {broken.Item.Name} any more, so the damaged one on target '{target.Name}' was left: check the other targets.");
    }

    /// <summary>Signature, then manifest: as when the backup was written.</summary>
    private async Task PutDocumentsAsync(IStorageTarget target, StoredManifest stored, CancellationToken cancellationToken)
    {
        await PutAsync(target, await _inspector.InspectSignatureAsync(target, stored, cancellationToken), stored.Document.Signature, cancellationToken);
        await PutAsync(target, await CopyInspector.InspectManifestAsync(target, stored, cancellationToken), stored.Document.Json, cancellationToken);
    }

    private static async Task PutAsync(IStorageTarget target, ObjectState found, byte[] signed, CancellationToken cancellationToken)
    {
        if (found.Condition == ObjectCondition.Wrong)
        {
            await target.DeleteAsync(found.Key, cancellationToken);
        }

        if (found.Condition is ObjectCondition.Wrong or ObjectCondition.Absent)
        {
            await SmallObject.PutAsync(target, found.Key, signed, cancellationToken);
        }
    }

    private async Task<string?> FindProblemAsync(IStorageTarget target, StoredManifest stored, IReadOnlyList<BrokenObject> mended, CancellationToken cancellationToken)
    {
        foreach (var each in mended)
        {
            if (await _inspector.InspectAsync(target, stored.Manifest, each.Item, cancellationToken) is { Condition: not ObjectCondition.Good } problem)
            {
                return $"It was copied and read again: {problem.Detail}";
            }
        }

        return (await _inspector.InspectSignatureAsync(target, stored, cancellationToken)).Detail
            ?? (await CopyInspector.InspectManifestAsync(target, stored, cancellationToken)).Detail;
    }
}

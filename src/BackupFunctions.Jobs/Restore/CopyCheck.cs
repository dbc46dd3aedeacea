using System.Collections.Concurrent;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Restore;

/// <summary>Asks each target for every object's size: every object must be readable somewhere before a recovery begins.</summary>
internal sealed class CopyCheck
{
    private const int Parallelism = 8;

    private readonly IReadOnlyList<IStorageTarget> _targets;

    /// <param name="targets">In reading order.</param>
    public CopyCheck(IReadOnlyList<IStorageTarget> targets) => _targets = targets;

    /// <summary>Targets that hold at least one object, complete ones first, each in reading order.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        var held = new ConcurrentDictionary<(string Target, string Object), byte>();
        var problems = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        var work = _targets.SelectMany(target => manifest.Objects.Select(stored => (Target: target, Object: stored)));
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(work, options, async (item, token) =>
        {
            if (problems.ContainsKey(item.Target.Name))
            {
                return;
            }

            try
            {
                var found = await item.Target.FindAsync(StorageKeys.Object(manifest.Cluster, manifest.BackupId, item.Object.Name), token);
                if (found?.Size == item.Object.Size)
                {
                    held.TryAdd((item.Target.Name, item.Object.Name), 0);
                }
            }
            catch (StorageException e)
            {
                problems.TryAdd(item.Target.Name, e.Message);
            }
        });

        var missing = manifest.Objects.FirstOrDefault(stored => !_targets.Any(target => held.ContainsKey((target.Name, stored.Name))));
        if (missing is not null)
        {
            throw new PgdrException(
                ErrorCodes.CopiesMissing,
                $"No readable copy of {missing.Name} of backup {manifest.BackupId} was found: {Explain(problems)}name another backup, or bring a target back.");
        }

        return
        [
            .. _targets
                .Select(target => (target.Name, Count: manifest.Objects.Count(stored => held.ContainsKey((target.Name, stored.Name)))))
                .Where(target => target.Count > 0)
                .OrderByDescending(target => target.Count == manifest.Objects.Count)
                .Select(target => target.Name),
        ];
    }

    private static string Explain(ConcurrentDictionary<string, string> problems) =>
        problems.IsEmpty ? string.Empty : string.Join(" ", problems.Values.Order(StringComparer.Ordinal)) + " ";
}

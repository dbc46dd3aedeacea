using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts;
using BackupFunctions.Retention.State;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Retention;

/// <summary>Removes what a backup left that was killed before its manifest: no statement can be made about it, and nothing can be restored from it.</summary>
internal sealed class OrphanSweep
{
    private readonly string _cluster;
    private readonly IReadOnlyList<IStorageTarget> _targets;
    private readonly TimeSpan _age;
    private readonly DateTimeOffset _now;

    /// <param name="cluster">The first folder.</param>
    /// <param name="targets">All of them: a folder is an orphan only when every target says so.</param>
    /// <param name="age">How long nothing may have been written to it: a backup that runs writes all the time.</param>
    /// <param name="now">UTC.</param>
    public OrphanSweep(string cluster, IReadOnlyList<IStorageTarget> targets, TimeSpan age, DateTimeOffset now) =>
        (_cluster, _targets, _age, _now) = (cluster, targets, age, now);

    /// <returns>Folders that go, and why others stay although they are old.</returns>
    public async Task<OrphanPlan> PlanAsync(IReadOnlyList<OrphanFolder> orphans, IReadOnlyList<Lease> leases, CancellationToken cancellationToken)
    {
        var leased = leases.Where(lease => lease.Until > _now).Select(lease => lease.BackupId).ToHashSet(StringComparer.Ordinal);
        var going = new List<OrphanFolder>();
        var problems = new List<string>();
        foreach (var orphan in orphans.Where(orphan => !leased.Contains(orphan.BackupId) && IsOld(orphan)))
        {
            if (orphan.HasStatements)
            {
                problems.Add($"Backup {orphan.BackupId} has statements and no manifest on any target: somebody removed the manifest; find out who, and remove the rest by hand.");
            }
            else if (await FindProblemAsync(orphan, cancellationToken) is not { } whyNot)
            {
                going.Add(orphan);
            }
            else if (whyNot.Length > 0)
            {
                problems.Add(whyNot);
            }
        }

        return new OrphanPlan(going, problems);
    }

    public async Task<long> RunAsync(OrphanFolder orphan, CancellationToken cancellationToken)
    {
        long bytes = 0;
        foreach (var target in HoldersOf(orphan))
        {
            bytes += await new CopyData(target, _cluster, orphan.BackupId).DeleteAllAsync(cancellationToken);
        }

        return bytes;
    }

    /// <summary>An id tells when its backup began.</summary>
    private bool IsOld(OrphanFolder orphan) => BackupIds.TryGetTime(orphan.BackupId, out var began) && began + _age < _now;

    /// <returns>Null: it may go. Empty: it is still written to. Else what a person has to look at.</returns>
    private async Task<string?> FindProblemAsync(OrphanFolder orphan, CancellationToken cancellationToken)
    {
        foreach (var target in HoldersOf(orphan))
        {
            var data = new CopyData(target, _cluster, orphan.BackupId);
            IReadOnlyList<StoredVersion> versions;
            try
            {
                versions = await data.AllAsync(cancellationToken);
            }
            catch (StorageException e) when (e.Code is ErrorCodes.TargetRefused)
            {
                return e.Message;
            }

            // Whoever hides manifest and statements of a backup must not get it deleted for good by us.
            if (versions.FirstOrDefault(version => data.IsManifest(version.Key) && !version.IsDeletionMarker) is { } manifest)
            {
                return manifest.IsLatest
                    ? $"Backup {orphan.BackupId} on target '{target.Name}' has a manifest without a signature: find out who removed it; the folder stays."
                    : $"Backup {orphan.BackupId} on target '{target.Name}' has a manifest that was deleted and is left as an older version: find out who did that, and remove the marker of the deletion; the folder stays.";
            }

            if (versions.Any(version => version.LastModified + _age >= _now))
            {
                return string.Empty;
            }
        }

        return null;
    }

    private IEnumerable<IStorageTarget> HoldersOf(OrphanFolder orphan) => _targets.Where(target => orphan.Targets.Contains(target.Name, StringComparer.Ordinal));
}

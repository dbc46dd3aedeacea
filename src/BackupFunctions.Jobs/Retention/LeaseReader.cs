using BackupFunctions.Archive.Manifests;
using BackupFunctions.Retention.State;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Retention;

/// <summary>Leases that lie in storage; see <see cref="ReadLease"/>.</summary>
internal static class LeaseReader
{
    /// <summary>Of one target. Those that have ended are among them.</summary>
    public static async IAsyncEnumerable<(Lease Lease, string Key)> ReadAsync(
        IStorageTarget target, string cluster, string? backupId, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var all = StorageKeys.AllLeases(cluster);
        await foreach (var stored in target.ListAsync(backupId is null ? all : $"{all}{backupId}/", cancellationToken))
        {
            if (stored.Key[all.Length..].Split('/') is [var id, var holder])
            {
                yield return (new Lease(id, stored.LastModified + ReadLease.Lifetime, holder), stored.Key);
            }
        }
    }
}

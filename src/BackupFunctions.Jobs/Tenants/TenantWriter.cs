using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Backup;
using BackupFunctions.Postgres.Tools;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Tenants;

/// <summary>Makes one tenant's backup exist: objects, contents, manifest last, then every copy is read back. What fails leaves nothing behind.</summary>
/// <param name="environment">What every job works with.</param>
/// <param name="targets">Opened once for all tenants.</param>
/// <param name="stateFolder">The run's own folder.</param>
/// <param name="tools">Whose versions the manifest names.</param>
/// <param name="keys">The same for all tenants.</param>
internal sealed class TenantWriter(JobEnvironment environment, IReadOnlyList<IStorageTarget> targets, string stateFolder, PgTools tools, BackupWriterKeys keys)
{
    /// <param name="database">Of the settings.</param>
    /// <param name="tenant">Its id.</param>
    /// <param name="fill">Writes the dump folder's files.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<TenantBackup> RunAsync(
        string database, string tenant, Func<DumpPacker, CancellationToken, Task<TenantDump>> fill, CancellationToken cancellationToken)
    {
        var settings = environment.Settings;
        var chain = ManifestChain.OfTenant(settings.RunStorePath, settings.ClusterName, database, tenant);
        var tenantEnvironment = environment with { Reporter = new TenantReporter(environment.Reporter, tenant) };
        await using var attempt = new BackupAttempt(tenantEnvironment, keys, chain, targets);
        var dump = await WriteAsync(attempt.Objects, fill, cancellationToken);
        var manifest = attempt.Describe(BackupKind.Tenant, dump.Server, dump.SnapshotAt, tools.Versions) with { Database = database, Tenant = dump.Facts };
        var state = Path.Combine(stateFolder, attempt.Id);
        var published = await attempt.PublishAsync(manifest, state, cancellationToken);
        var completed = await attempt.CompleteAsync(published, cancellationToken);
        Directory.Delete(state, recursive: true);
        var unproven = dump.Facts.Unproven;
        return new TenantBackup(
            tenant,
            attempt.Id,
            unproven is null ? completed.Status : BackupStatus.Completed,
            completed.StatusReason ?? unproven,
            dump.Rows,
            manifest.PlainSize,
            manifest.StoredSize,
            [.. completed.Copies.Where(copy => !copy.Verified).Select(copy => copy.Target)])
        {
            Unfinished = completed.Status != BackupStatus.Verified || completed.Copies.Any(copy => !copy.Verified),
        };
    }

    private static async Task<TenantDump> WriteAsync(
        BackupObjects objects, Func<DumpPacker, CancellationToken, Task<TenantDump>> fill, CancellationToken cancellationToken)
    {
        await using var packer = new DumpPacker(objects);
        var dump = await fill(packer, cancellationToken);
        await packer.FinishAsync(cancellationToken);
        var contents = dump.Contents with { Parts = packer.Parts };
        await objects.WriteContentsAsync(stream => ContentsCodec.WriteAsync(contents, stream, cancellationToken), cancellationToken);
        return dump;
    }
}

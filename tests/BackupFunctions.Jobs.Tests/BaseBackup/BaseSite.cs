using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.BaseBackup;
using BackupFunctions.Jobs.Restore;
using BackupFunctions.Jobs.Restore.Physical;
using BackupFunctions.Jobs.Restore.Physical.Tablespaces;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.BaseBackup;

/// <summary>Base backups of a server to three folders, and restores of them.</summary>
internal sealed class BaseSite(PostgresServer server, BackupKeys keys) : IDisposable
{
    public JobSite Jobs { get; } = new(new BackupSite(server, keys));

    /// <summary>Does not exist yet.</summary>
    public string DataDirectory => Path.Combine(Jobs.Site.Folder, "restored");

    public Task<BaseBackupResult> BackUpAsync(CancellationToken cancellationToken = default) =>
        new BaseBackupJob(Jobs.Environment, Path.Combine(Jobs.Site.RunStore, "run", "state"))
            .RunAsync(new BaseBackupParameters("main", "test"), cancellationToken);

    public Task<BaseBackupResult> ArchiveAsync() =>
        new BaseBackupJob(Jobs.Environment, Path.Combine(Jobs.Site.RunStore, "run", "state"))
            .RunAsync(new BaseBackupParameters("main", "test") { Archive = true }, CancellationToken.None);

    public Task<IncrementalBackupResult> BackUpIncrementallyAsync() =>
        new IncrementalBackupJob(Jobs.Environment, Path.Combine(Jobs.Site.RunStore, "run", "state"))
            .RunAsync(new IncrementalBackupParameters("main", "test"), CancellationToken.None);

    public async Task<PhysicalRestoreResult> RestoreAsync(string backupId, string? directory = null, TablespaceMapping? tablespaces = null, CancellationToken cancellationToken = default)
    {
        using var reader = BackupReader.FromSettings(Jobs.Environment);
        return await PhysicalRestore.RunAsync(Jobs.Environment, reader, backupId, directory ?? DataDirectory, tablespaces ?? TablespaceMapping.Old, cancellationToken);
    }

    public async Task<PhysicalRestoreResult> RestoreDeltaAsync(string backupId)
    {
        using var reader = BackupReader.FromSettings(Jobs.Environment);
        return await PhysicalRestore.RunDeltaAsync(Jobs.Environment, reader, backupId, DataDirectory, CancellationToken.None);
    }

    public void Dispose() => Jobs.Dispose();
}

using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Backup;
using BackupFunctions.Jobs.Restore;
using BackupFunctions.Settings;
using BackupFunctions.Storage.Local;
using BackupFunctions.TestSupport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Jobs.Tests.Support;

/// <summary>The jobs against a <see cref="BackupSite"/>: change <see cref="Site"/>'s settings or <see cref="Targets"/> before running one.</summary>
internal sealed class JobSite : IDisposable
{
    /// <summary>Hidden ones too: unfinished uploads lie in a hidden folder.</summary>
    private static readonly EnumerationOptions AllFiles = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None };

    private static int _restores;

    public JobSite(BackupSite site)
    {
        Site = site;
        Targets = [.. BackupSite.TargetNames.Select(name => new TestTarget(new LocalTarget(name, site.TargetFolder(name))))];
    }

    public BackupSite Site { get; }

    /// <summary>Of every recovery of this site; names of databases are made of it.</summary>
    public string RestoreId { get; } = $"restore-{Interlocked.Increment(ref _restores)}";

    public RecordingReporter Reporter { get; } = new();

    /// <summary>The site's folders; null: whatever the settings say.</summary>
    public IReadOnlyList<TestTarget>? Targets { get; set; }

    public TimeProvider Time { get; set; } = TimeProvider.System;

    public JobEnvironment Environment => new(ReadSettings(), Reporter, Time, NullLoggerFactory.Instance) { Targets = Targets };

    public TestTarget Target(string name) => Targets!.Single(target => target.Name == name);

    public BackupSettings ReadSettings() => SettingsReader.Read(new ConfigurationBuilder()
        .AddInMemoryCollection(Site.Settings.Select(setting =>
            KeyValuePair.Create(setting.Key.Replace("__", ":", StringComparison.Ordinal), (string?)setting.Value)))
        .Build());

    public Task<FullBackupResult> BackUpAsync(string database, CancellationToken cancellationToken = default) =>
        new FullBackupJob(Environment, Path.Combine(Site.RunStore, "run", "state"))
            .RunAsync(new FullBackupParameters(database, "test"), cancellationToken);

    public async Task<SelectBackupResult> SelectAsync(string database, string? backupId = null, string? targetServer = null, TimeSpan? readCheckLimit = null)
    {
        using var reader = BackupReader.FromSettings(Environment);
        return await new SelectBackupJob(Environment, reader) { ReadCheckLimit = readCheckLimit ?? TimeSpan.FromMinutes(5) }
            .RunAsync(new SelectBackupParameters(database, backupId, targetServer), CancellationToken.None);
    }

    public async Task<FetchBackupResult> FetchAsync(string backupId, CancellationToken cancellationToken = default) => await FetchAsync(backupId, order: null, cancellationToken);

    public async Task<FetchBackupResult> FetchAsync(string backupId, IReadOnlyList<string>? order, CancellationToken cancellationToken = default)
    {
        using var reader = BackupReader.FromSettings(Environment);
        return await new FetchBackupJob(Environment, reader).RunAsync(new FetchBackupParameters(RestoreId, backupId) { Order = order }, cancellationToken);
    }

    public Task<RestoreDatabaseResult> RestoreAsync(string backupId, string server = "main", CancellationToken cancellationToken = default) =>
        new RestoreDatabaseJob(Environment).RunAsync(new RestoreDatabaseParameters(RestoreId, backupId, server), cancellationToken);

    public Task<SwapDatabaseResult> SwapAsync(string database, string backupId, RestoreDatabaseResult restored, string server = "main") =>
        new SwapDatabaseJob(Environment).RunAsync(
            new SwapDatabaseParameters(RestoreId, backupId, server, database, restored.ScratchDatabase, restored.ScratchOid),
            CancellationToken.None);

    /// <summary>Steps 1 to 4 of the runbook.</summary>
    public async Task<(SelectBackupResult Selected, RestoreDatabaseResult Restored, SwapDatabaseResult Swapped)> RecoverAsync(
        string database, string? targetServer = null)
    {
        var selected = await SelectAsync(database, targetServer: targetServer);
        await FetchAsync(selected.BackupId);
        var restored = await RestoreAsync(selected.BackupId, selected.TargetServer);
        return (selected, restored, await SwapAsync(database, selected.BackupId, restored, selected.TargetServer));
    }

    /// <summary>The file of an object in one target.</summary>
    public string FileOf(string target, string backupId, string name) =>
        Path.Combine(Site.TargetFolder(target), BackupSite.Cluster, "backups", backupId, name);

    public void Flip(string target, string backupId, string name)
    {
        var file = FileOf(target, backupId, name);
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);
    }

    /// <summary>Files of all targets that are a manifest, unfinished ones too.</summary>
    public IReadOnlyList<string> ManifestsAnywhere() => FilesAnywhere("manifest.*");

    /// <summary>Files of all targets but the recovery kit.</summary>
    public IReadOnlyList<string> FilesAnywhere(string pattern = "*") =>
    [
        .. BackupSite.TargetNames.Select(Site.TargetFolder).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, pattern, AllFiles))
            .Where(file => !file.Contains("/recovery-kit/", StringComparison.Ordinal)),
    ];

    public void Dispose() => Site.Dispose();
}

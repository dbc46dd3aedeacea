using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Catalog;
using BackupFunctions.Catalog.Sources;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs;
using BackupFunctions.Jobs.Backup;
using BackupFunctions.Jobs.Restore;
using BackupFunctions.Jobs.Retention;
using BackupFunctions.Jobs.Verify;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Faults.Tests.Support;

/// <summary>The real jobs. All they say is kept, and must not hold a secret.</summary>
internal sealed partial class FaultSite
{
    private static int _restores;

    private readonly ConcurrentQueue<string> _said = new();

    public SiteReporter Reporter { get; } = new();

    /// <summary>The target whose silence of seconds counts.</summary>
    public string? Impatient { get; set; }

    private SpokenLog Log { get; } = new();

    private string Dump(string restoreId) => Path.Combine(Site.WorkFolder, "restores", restoreId, "dump");

    public Task<FullBackupResult> BackUpAsync(string database = SampleData.Shop) => RunAsync(
        TimeSpan.Zero,
        environment => new FullBackupJob(environment, Path.Combine(Site.RunStore, "run", "state"))
            .RunAsync(new FullBackupParameters(database, "test"), CancellationToken.None));

    public Task<SelectBackupResult> SelectAsync(string? backupId = null) => RunAsync(TimeSpan.Zero, async environment =>
    {
        using var reader = BackupReader.FromSettings(environment);
        return await new SelectBackupJob(environment, reader).RunAsync(new SelectBackupParameters(SampleData.Shop, backupId, TargetServer: null), CancellationToken.None);
    });

    /// <summary>Steps 2 and 3 of the runbook, and the digest of all files that they brought.</summary>
    public async Task<(FetchBackupResult Fetched, string Digest)> FetchAsync(string backupId)
    {
        var restoreId = NewRestoreId();
        var fetched = await FetchAsync(backupId, restoreId);
        var digest = DigestOf(Dump(restoreId));
        Directory.Delete(Path.GetDirectoryName(Dump(restoreId))!, recursive: true);
        return (fetched, digest);
    }

    public async Task<string> FetchedDigestAsync(string backupId) => (await FetchAsync(backupId)).Digest;

    /// <summary>Restores and compares with the digests that PostgreSQL itself computed of the original.</summary>
    public async Task ShouldRestoreAsync(string backupId, string database = SampleData.Shop)
    {
        var restoreId = NewRestoreId();
        await FetchAsync(backupId, restoreId);
        var restored = await RunAsync(TimeSpan.Zero, environment =>
            new RestoreDatabaseJob(environment).RunAsync(new RestoreDatabaseParameters(restoreId, backupId, "main"), CancellationToken.None));
        (await SampleData.DigestAsync(_fixture.Server, restored.ScratchDatabase)).ShouldBe(_fixture.DigestOf(database));
        await _fixture.Server.ExecuteAsync($"drop database \"{restored.ScratchDatabase}\"");
    }

    /// <summary>Two hours later, when no backup counts as still being written.</summary>
    public Task<VerifyCopiesResult> VerifyAsync(string backupId, bool repair = false) => RunAsync(
        TimeSpan.FromHours(2),
        environment => new VerifyCopiesJob(environment).RunAsync(new VerifyCopiesParameters("test", [backupId], Repair: repair), CancellationToken.None));

    public Task<CleanupOutcome> CleanUpAsync(int afterDays) => RunAsync(
        TimeSpan.FromDays(afterDays), environment => new CleanupJob(environment).RunAsync(new CleanupParameters("test"), CancellationToken.None));

    public Task<BackupListing> ListAsync() => RunAsync(TimeSpan.Zero, environment => new StorageCatalog(
        BackupSite.Cluster, environment.OpenTargets(), KeyLoader.Verification(environment.Settings.Keys)).ListAsync(CancellationToken.None));

    /// <summary>The copies of a backup that the catalog calls verified.</summary>
    public async Task<IReadOnlyList<string>> VerifiedCopiesAsync(string backupId) =>
        [.. (await ListAsync()).Backups.Single(backup => backup.BackupId == backupId).Copies.Where(copy => copy.Verified).Select(copy => copy.Target)];

    /// <summary>The fault is over: one repair, and every copy is the same, byte by byte, read without the code under test.</summary>
    public async Task<VerifyCopiesResult> ShouldBecomeWholeAsync(string backupId)
    {
        var healed = await VerifyAsync(backupId, repair: true);
        healed.Success.ShouldBeTrue(string.Join('\n', _said));
        var again = await VerifyAsync(backupId);
        (again.Success, again.Good).ShouldBe((true, Names.Count), string.Join('\n', _said));
        var first = await CopyAsync("local", backupId);
        first.ContainsKey(StorageKeys.Manifest(BackupSite.Cluster, backupId)).ShouldBeTrue();
        var others = await Task.WhenAll(Names.Select(name => CopyAsync(name, backupId)));
        others.ShouldAllBe(other => other.OrderBy(item => item.Key, StringComparer.Ordinal).SequenceEqual(first.OrderBy(item => item.Key, StringComparer.Ordinal)));

        (await VerifiedCopiesAsync(backupId)).Order(StringComparer.Ordinal).ShouldBe(Names.Order(StringComparer.Ordinal));
        return healed;
    }

    /// <summary>SHA-256 by key of all that a target holds of a backup's copy.</summary>
    public async Task<IReadOnlyDictionary<string, string>> CopyAsync(string target, string backupId) =>
        (await ObjectsAsync(target, StorageKeys.Backup(BackupSite.Cluster, backupId)))
            .ToDictionary(item => item.Key, item => Convert.ToHexStringLower(SHA256.HashData(item.Value)), StringComparer.Ordinal);

    /// <summary>Objects of a target by key.</summary>
    public async Task<IReadOnlyDictionary<string, byte[]>> ObjectsAsync(string target, string prefix = "")
    {
        var keys = (await Store(target).ListAsync()).Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        var contents = await Task.WhenAll(keys.Select(Store(target).GetAsync));
        return keys.Zip(contents).ToDictionary(item => item.First, item => item.Second, StringComparer.Ordinal);
    }

    private Task<FetchBackupResult> FetchAsync(string backupId, string restoreId) => RunAsync(TimeSpan.Zero, async environment =>
    {
        using var reader = BackupReader.FromSettings(environment);
        return await new FetchBackupJob(environment, reader).RunAsync(new FetchBackupParameters(restoreId, backupId), CancellationToken.None);
    });

    private static string NewRestoreId() => $"restore-{Interlocked.Increment(ref _restores)}";

    private static string DigestOf(string folder)
    {
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => $"{Path.GetRelativePath(folder, file)} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))}").ToList();
        files.Count.ShouldBeGreaterThan(2);
        return string.Join('\n', files);
    }

    private async Task<T> RunAsync<T>(TimeSpan later, Func<JobEnvironment, Task<T>> job)
    {
        var settings = ReadSettings();
        var targets = SiteTargets.Open(settings, Impatient, Log);
        try
        {
            var result = await job(new JobEnvironment(settings, Reporter, new ShiftedTime(later), Log) { Targets = targets });
            _said.Enqueue(JsonSerializer.Serialize(result));
            return result;
        }
        catch (PgdrException e)
        {
            _said.Enqueue(e.ToString());
            throw;
        }
        finally
        {
            foreach (var target in targets.OfType<IDisposable>())
            {
                target.Dispose();
            }

            ShouldHoldNoSecret();
        }
    }

    private void ShouldHoldNoSecret()
    {
        var all = string.Join('\n', _said.Concat(Reporter.Warnings).Concat(Reporter.Failovers).Concat(Log.Lines));
        foreach (var secret in Secrets)
        {
            all.Contains(secret, StringComparison.Ordinal).ShouldBeFalse("A secret stands in what the jobs said.");
        }
    }
}

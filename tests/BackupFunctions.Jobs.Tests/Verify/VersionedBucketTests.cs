using Amazon.S3;
using Amazon.S3.Model;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Repair;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.Storage;
using BackupFunctions.Storage.S3;
using BackupFunctions.TestSupport;
using ObjectLockMode = BackupFunctions.Contracts.ObjectLockMode;

namespace BackupFunctions.Jobs.Tests.Verify;

/// <summary>Repair on a real bucket with versions and Object Lock, which stands in for target far. The store's clock is the real one.</summary>
public sealed class VersionedBucketTests : IClassFixture<GatewayFixture>, IAsyncLifetime, IDisposable
{
    private readonly CephGateway _gateway;
    private readonly IntegritySite _site = new(TimeProvider.System.GetUtcNow());
    private string _bucket = null!;
    private S3Target? _far;

    public VersionedBucketTests(GatewayFixture fixture) => _gateway = fixture.Gateway;

    public async Task InitializeAsync()
    {
        _bucket = await _gateway.CreateBucketAsync(withObjectLock: true);
        Use(lockDays: null);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _far?.Dispose();
        _site.Dispose();
    }

    [Fact]
    public async Task Repair_OverwrittenAndDeletedByAThief_TakesTheOlderVersionsThoughNoOtherCopyIsGood()
    {
        var id = _site.PutBackup();
        await UploadAsync(id);
        _site.Storage = [_far!];
        await OverwriteAsync(Key(id, IntegritySite.Data), "replaced");
        await OverwriteAsync(Key(id, IntegritySite.Data), "replaced once more");
        await HideAsync(Key(id, IntegritySite.Contents));

        var result = await _site.CheckAsync(repair: true, id);

        (result.Success, result.Repaired, result.Damaged).ShouldBe((true, 1, 1));
        foreach (var name in new[] { IntegritySite.Data, IntegritySite.Contents })
        {
            (await ReadAsync(Key(id, name))).ShouldBe(_site.Read("near", id, name));
        }

        // What the thief wrote stays as an older version, for whoever looks into it.
        (await VersionsAsync(Key(id, IntegritySite.Data))).Count(version => version.IsDeleteMarker != true).ShouldBe(4);
        (await _site.CheckAsync(repair: false, id)).Good.ShouldBe(1);
    }

    [Fact]
    public async Task Repair_OlderVersionIsGood_IsTakenBeforeAnotherTargetsCopy()
    {
        var id = _site.PutBackup();
        await UploadAsync(id);
        await HideAsync(Key(id, IntegritySite.Data));
        _site.Storage = [_site.Target("near"), _far!];

        (await _site.CheckAsync(repair: true, id)).Success.ShouldBeTrue();

        // Read by the check itself, and not once more to copy it.
        _site.Target("near").BytesRead[Key(id, IntegritySite.Data)].ShouldBe(_site.Read("near", id, IntegritySite.Data).Length);
        (await ReadAsync(Key(id, IntegritySite.Data))).ShouldBe(_site.Read("near", id, IntegritySite.Data));
    }

    [Fact]
    public async Task Repair_OlderVersionsAreWrongToo_TakesTheOtherCopy()
    {
        var id = _site.PutBackup();
        var good = _site.Read("near", id, IntegritySite.Data);
        var flipped = good.ToArray();
        flipped[7] ^= 1;
        await PutAsync(Key(id, IntegritySite.Data), flipped);
        await PutAsync(Key(id, IntegritySite.Data), [.. good.Reverse()]);
        await UploadAsync(id, except: IntegritySite.Data);
        _site.Storage = [_site.Target("near"), _far!];

        (await _site.CheckAsync(repair: true, id)).Success.ShouldBeTrue();

        (await ReadAsync(Key(id, IntegritySite.Data))).ShouldBe(good);
    }

    [Fact]
    public async Task Repair_VersionsMayNotBeListed_SaysSoWhenNothingElseHelps()
    {
        var id = _site.PutBackup();
        await UploadAsync(id);
        _site.Storage = [_far!];
        await HideAsync(Key(id, IntegritySite.Data));
        using var client = _gateway.Client();
        await client.PutBucketPolicyAsync(_bucket, $$"""
            {"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:ListBucketVersions","Resource":"arn:aws:s3:::{{_bucket}}"}]}
            """);

        var finding = (await _site.CheckAsync(repair: true, id)).Findings.ShouldHaveSingleItem();

        finding.Repaired.ShouldBeFalse();
        finding.NotRepaired.ShouldNotBeNull().ShouldContain("s3:ListBucketVersions");
    }

    [Fact]
    public async Task Repair_TargetLocksBackups_RepairedCopyIsLockedFromTheBackupsTimeOn()
    {
        var id = _site.PutBackup(ageInDays: 2, verified: true, "near", "off");
        Use(lockDays: 10);
        _site.Storage = [_site.Target("near"), _far!];

        (await _site.CheckAsync(repair: true, id)).Repaired.ShouldBe(1);

        _site.Reporter.Warnings.ShouldNotContain(warning => warning.Contains("could not be locked", StringComparison.Ordinal));
        var finished = (await _site.Catalog.FindAsync(id, CancellationToken.None))!.Manifest.FinishedAt;
        var until = WholeSeconds(finished.AddDays(10));
        var keys = await KeysAsync(id);
        keys.Count.ShouldBeGreaterThan(5);
        keys.ShouldContain(key => key.EndsWith("-verified.json", StringComparison.Ordinal));
        foreach (var key in keys.Where(key => !key.Contains("-quarantined", StringComparison.Ordinal)))
        {
            (key, await _far!.FindLockAsync(key, CancellationToken.None)).ShouldBe((key, until));
        }
    }

    [Fact]
    public async Task Repair_AnotherCopyIsLockedForLonger_RepairedOneIsLockedAsLong()
    {
        var id = _site.PutBackup(ageInDays: 2);
        await UploadAsync(id);
        Use(lockDays: 3);
        var longer = WholeSeconds(_site.Clock.GetUtcNow().AddDays(30));
        await _far!.LockAsync(StorageKeys.Manifest(IntegritySite.Cluster, id), longer, CancellationToken.None);
        var another = await _gateway.CreateBucketAsync(withObjectLock: true);
        using var off = new S3Target("off", Options(another) with { Lock = new LockPolicy(ObjectLockMode.Governance, TimeSpan.FromDays(3)) });
        _site.Storage = [_far, off];

        (await _site.CheckAsync(repair: true, id)).Repaired.ShouldBe(1);

        (await off.FindLockAsync(Key(id, IntegritySite.Data), CancellationToken.None)).ShouldBe(longer);
        (await _far.FindLockAsync(StorageKeys.Manifest(IntegritySite.Cluster, id), CancellationToken.None)).ShouldBe(longer);
    }

    [Fact]
    public async Task Repair_LockWouldHaveEnded_SetsNone()
    {
        var id = _site.PutBackup(ageInDays: 5, verified: true, "near");
        Use(lockDays: 4);
        _site.Storage = [_site.Target("near"), _far!];

        (await _site.CheckAsync(repair: true, id)).Repaired.ShouldBe(1);

        (await _far!.FindLockAsync(Key(id, IntegritySite.Data), CancellationToken.None)).ShouldBeNull();
        _site.Reporter.Warnings.ShouldNotContain(warning => warning.Contains("could not be locked", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Repair_KilledBeforeTheLocks_TheNextCheckSetsThem()
    {
        var id = _site.PutBackup(ageInDays: 2, verified: true, "near");

        // The copy as a repair leaves it that is killed after its last object.
        await UploadAsync(id, of: "near");
        Use(lockDays: 10);
        _site.Storage = [_site.Target("near"), _far!];

        (await _site.CheckAsync(repair: true, id)).Good.ShouldBe(2);

        (await _far!.FindLockAsync(Key(id, IntegritySite.Data), CancellationToken.None)).ShouldNotBeNull();
        (await _far.FindLockAsync(StorageKeys.Manifest(IntegritySite.Cluster, id), CancellationToken.None)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Repair_BucketHasNoObjectLock_IsRepairedAndWarns()
    {
        var id = _site.PutBackup(ageInDays: 2, verified: true, "near");
        _bucket = await _gateway.CreateBucketAsync();
        Use(lockDays: 10);
        _site.Storage = [_site.Target("near"), _far!];

        var result = await _site.CheckAsync(repair: true, id);

        (result.Success, result.Repaired).ShouldBe((true, 1));
        _site.Reporter.Warnings.ShouldContain(warning => warning.Contains("could not be locked", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Copier_SourceBreaksOffInALargeObject_TheNextAttemptTakesUpTheSameUpload()
    {
        var bytes = System.Security.Cryptography.RandomNumberGenerator.GetBytes(20 << 20);
        const string key = "main/backups/x/data/000001.tink";
        _site.Write("near", key, bytes);
        var item = new ManifestObject("data/000001.tink", "data", bytes.Length, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), "aad");
        var near = _site.Target("near");
        near.ReadLimit = _ => 18 << 20;
        await Should.ThrowAsync<StorageException>(() => ObjectCopier.CopyAsync([new ObjectSource(near)], _far!, key, item, _ => { }, CancellationToken.None));
        var first = await UploadsAsync();

        near.ReadLimit = _ => long.MaxValue;
        await ObjectCopier.CopyAsync([new ObjectSource(near)], _far!, key, item, _ => { }, CancellationToken.None);

        first.ShouldHaveSingleItem();
        (await UploadsAsync()).ShouldBeEmpty();
        (await ReadAsync(key)).ShouldBe(bytes);
    }

    private static string Key(string backupId, string name) => IntegritySite.KeyOf(backupId, name);

    private static DateTimeOffset WholeSeconds(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));

    private void Use(int? lockDays)
    {
        _far?.Dispose();
        _far = new S3Target("far", Options(_bucket) with { Lock = lockDays is { } days ? new LockPolicy(ObjectLockMode.Governance, TimeSpan.FromDays(days)) : null });
    }

    /// <summary>What the site wrote to a folder goes into the bucket.</summary>
    private async Task UploadAsync(string backupId, string? except = null, string of = "far")
    {
        var root = _site.PathOf(of, "");
        foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
        {
            var key = Path.GetRelativePath(root, file);
            if (except is null || key != Key(backupId, except))
            {
                await using var writer = await _far!.CreateAsync(key, CancellationToken.None);
                await writer.WriteAsync(await File.ReadAllBytesAsync(file), CancellationToken.None);
                await writer.CompleteAsync(CancellationToken.None);
            }
        }
    }

    private async Task PutAsync(string key, byte[] bytes)
    {
        using var client = _gateway.Client();
        using var stream = new MemoryStream(bytes);
        await client.PutObjectAsync(new PutObjectRequest { BucketName = _bucket, Key = key, InputStream = stream });
    }

    private Task OverwriteAsync(string key, string content) => PutAsync(key, System.Text.Encoding.UTF8.GetBytes(content));

    private async Task HideAsync(string key)
    {
        using var client = _gateway.Client();
        await client.DeleteObjectAsync(_bucket, key);
    }

    private async Task<byte[]> ReadAsync(string key)
    {
        using var bytes = new MemoryStream();
        await using var stream = await _far!.OpenReadAsync(key, 0, CancellationToken.None);
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    private async Task<IReadOnlyList<string>> UploadsAsync()
    {
        using var client = _gateway.Client();
        return [.. ((await client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = _bucket })).MultipartUploads ?? []).Select(upload => upload.UploadId)];
    }

    private async Task<IReadOnlyList<S3ObjectVersion>> VersionsAsync(string key)
    {
        using var client = _gateway.Client();
        return (await client.ListVersionsAsync(_bucket, key)).Versions ?? [];
    }

    private async Task<List<string>> KeysAsync(string backupId)
    {
        var keys = new List<string>();
        await foreach (var found in _far!.ListAsync($"{IntegritySite.Cluster}/", CancellationToken.None))
        {
            if (found.Key.Contains(backupId, StringComparison.Ordinal) && !found.Key.Contains("/leases/", StringComparison.Ordinal))
            {
                keys.Add(found.Key);
            }
        }

        return keys;
    }

    private S3TargetOptions Options(string bucket) => new()
    {
        Endpoint = _gateway.Endpoint,
        Region = _gateway.Region,
        Bucket = bucket,
        AccessKey = _gateway.AccessKey,
        SecretKey = _gateway.SecretKey,
        Profile = S3Profile.Ceph,
    };
}

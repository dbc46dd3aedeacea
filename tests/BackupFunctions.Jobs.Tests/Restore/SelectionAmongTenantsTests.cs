using System.Diagnostics;
using System.Security.Cryptography;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Catalog;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Recovery;
using BackupFunctions.Jobs.Restore;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.Storage.Local;
using BackupFunctions.TestSupport;
using Xunit.Abstractions;

namespace BackupFunctions.Jobs.Tests.Restore;

/// <summary>
/// A year of weekly backups of 1,000 tenants beside the daily ones of their database, and no catalog: what selecting one costs. Its small
/// sibling is NewestFirstTests of the catalog.
/// </summary>
[Trait("Category", "Slow")]
public sealed class SelectionAmongTenantsTests(ITestOutputHelper output) : IDisposable
{
    private const string Cluster = "main";
    private const int Weeks = 52;
    private const int Tenants = 1000;

    private static readonly DateTimeOffset Sunday = new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Select_TheTenantsRunHasJustEnded_ReadsThatRunAndNotTheYear()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var newest = Put(pair.ExportPkcs8PrivateKeyPem());
        var local = new LocalTarget("local", _folder.Path);
        local.Prepare();
        var target = new CountedTarget(local);
        var catalog = new StorageCatalog(Cluster, [target], VerificationKeyRing.FromPems(pair.ExportSubjectPublicKeyInfoPem()));

        var (stored, manifests) = await MeasureAsync("newest dump", target, () => BackupChooser.ChooseAsync(catalog, "shop", backupId: null, CancellationToken.None));
        stored.Record.BackupId.ShouldBe(newest);
        manifests.ShouldBeLessThan(Tenants + 100);

        var wanted = new RecoverServerParameters { Server = "main", DataDirectory = string.Empty, RequestedBy = "test" };
        (var none, manifests) = await MeasureAsync("no base backup", target, () => Record.ExceptionAsync(() => BaseChooser.ChooseAsync(catalog, wanted, _ => { }, CancellationToken.None)));
        none.ShouldBeOfType<PgdrException>().Code.ShouldBe(ErrorCodes.BackupUnknown);
        manifests.ShouldBe((Weeks * Tenants) + Weeks * 7);

        (var listing, _) = await MeasureAsync("everything", target, () => catalog.ListAsync(CancellationToken.None));
        listing.Backups.Count.ShouldBe((Weeks * Tenants) + Weeks * 7);
    }

    /// <returns>What it gave, and how many manifests were opened.</returns>
    private async Task<(T Value, int Manifests)> MeasureAsync<T>(string what, CountedTarget target, Func<Task<T>> run)
    {
        target.Reset();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var most = 0L;
        using var done = new CancellationTokenSource();
        var watch = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
                await Task.Delay(500);
            }
        });
        var started = Stopwatch.GetTimestamp();
        var value = await run();
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await done.CancelAsync();
        await watch;
        output.WriteLine(FormattableString.Invariant(
            $"{what}: {seconds:F1} s, {target.Manifests} manifests of {target.Opened} objects read, {most >> 20} MiB of live objects at most"));
        return (value, target.Manifests);
    }

    /// <returns>The newest full backup, from before the last run of the tenants.</returns>
    private string Put(string pem)
    {
        Parallel.For(0, Weeks * 7, () => SigningKey.FromPem(pem), (day, _, key) =>
        {
            var at = Sunday.AddDays(-day);
            Put(IdOf(at.AddHours(-1), day), at.AddHours(-1), tenant: null, key);
            for (var tenant = 0; day % 7 == 0 && tenant < Tenants; tenant++)
            {
                Put(IdOf(at.AddSeconds(tenant), tenant), at.AddSeconds(tenant), $"tenant {tenant}", key);
            }

            return key;
        }, key => key.Dispose());
        return IdOf(Sunday.AddHours(-1), 0);
    }

    private static string IdOf(DateTimeOffset at, int number) => FormattableString.Invariant($"{at:yyyyMMdd'T'HHmmssfff'Z'}-{number:x8}");

    private void Put(string id, DateTimeOffset at, string? tenant, SigningKey key)
    {
        var manifest = new Manifest
        {
            Format = Manifest.CurrentFormat,
            Cluster = Cluster,
            BackupId = id,
            Kind = tenant is null ? BackupKind.Full : BackupKind.Tenant,
            Database = "shop",
            Tenant = tenant is null ? null : new TenantFacts { Id = tenant, Mode = TenantMode.Column, Scan = new TenantScan(2, 2, 0, 0) },
            StartedAt = at,
            SnapshotAt = at,
            FinishedAt = at.AddMinutes(1),
            Server = new ServerIdentity("7301234567890123456", "15.20", 150020, Timeline: 1, "0/16B3748"),
            Tools = new Dictionary<string, string>(StringComparer.Ordinal) { ["pg_dump"] = "15.20", ["pg_restore"] = "15.20" },
            Compression = "zstd",
            Encryption = Manifest.Aes256GcmHkdf1Mb,
            Recipients = [.. new[] { "operational", "recovery" }.Select(name => new KeyEnvelope("rsa", new string('a', 64), "RSA-OAEP-256", new string('A', 512), name))],
            Objects = [Object(id, ObjectNames.Contents, "contents"), Object(id, ObjectNames.Data(1), "data")],
            PlainSize = 20_000,
            StoredSize = 6_000,
            SignedBy = key.KeyId,
            Sequence = 1,
        };
        var document = ManifestCodec.Write(manifest, key);
        Write(StorageKeys.Manifest(Cluster, id), document.Json);
        Write(StorageKeys.ManifestSignature(Cluster, id), document.Signature);
        var statement = StatementWriter.Verified(manifest, document, ["local"], at.AddMinutes(2), key);
        var verified = StatementCodec.Write(statement, key);
        Write(StorageKeys.Statement(statement), verified.Json);
        Write(StorageKeys.StatementSignature(statement), verified.Signature);
    }

    private static ManifestObject Object(string id, string name, string role) => new(name, role, 3000, new string('b', 64), ArchiveAad.ForObject(Cluster, id, name));

    private void Write(string key, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[key])!);
        File.WriteAllBytes(_folder[key], bytes);
    }
}

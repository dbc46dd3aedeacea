using BackupFunctions.Archive.Manifests;
using BackupFunctions.Catalog.Tests.Support;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Catalog.Tests;

/// <summary>Looking for one backup among many others.</summary>
public sealed class NewestFirstTests : IClassFixture<TestKeys>, IDisposable
{
    private readonly CatalogFixture _fixture;

    public NewestFirstTests(TestKeys keys) => _fixture = new CatalogFixture(keys);

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Read_ManyOthers_GivesTheWantedOnesNewestFirst()
    {
        var shops = new List<string>();
        for (var i = 0; i < 200; i++)
        {
            var id = Documents.Id(1 + (i / 10), $"{i:x8}");
            if (i % 20 == 7)
            {
                _fixture.PutBackup(id, "abc");
                shops.Add(id);
            }
            else
            {
                PutTenant(id);
            }
        }

        (await ReadAsync(_fixture.Catalog)).Select(entry => entry.BackupId).ShouldBe(shops.OrderDescending(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Read_StoppedAtTheFirst_ReadsNothingMuchOlder()
    {
        for (var i = 0; i < 200; i++)
        {
            PutTenant(Documents.Id(1 + (i / 10), $"{i:x8}"));
        }

        _fixture.PutBackup(Documents.Id(25), "abc");
        var targets = _fixture.Targets.Select(target => new ReadTarget(target)).ToList();
        var scan = await _fixture.With(targets).ScanAsync(CancellationToken.None);

        await foreach (var entry in scan.ReadNewestFirstAsync(IsShop, CancellationToken.None))
        {
            entry.BackupId.ShouldBe(Documents.Id(25));
            break;
        }

        targets[0].Opened.Count(key => key.EndsWith("manifest.json", StringComparison.Ordinal)).ShouldBeInRange(1, 66);
        targets[1].Opened.Where(key => key.EndsWith("manifest.json", StringComparison.Ordinal)).ShouldHaveSingleItem().ShouldContain(Documents.Id(25));
    }

    [Fact]
    public async Task Read_FirstTargetHasABadCopy_AnotherTellsWhatItIs()
    {
        _fixture.PutBackup(Documents.Id(21), "bc");
        _fixture.Put("a", StorageKeys.Manifest(Documents.Cluster, Documents.Id(21)), [1, 2, 3]);
        PutTenant(Documents.Id(22));

        (await ReadAsync(_fixture.Catalog)).ShouldHaveSingleItem().Stored!.Targets.ShouldBe(["b", "c"]);
    }

    [Fact]
    public async Task Read_NoCopyIsGood_IsGivenWithTheCause()
    {
        _fixture.Put("abc", StorageKeys.Manifest(Documents.Cluster, Documents.Id(21)), [1, 2, 3]);
        _fixture.Put("abc", StorageKeys.ManifestSignature(Documents.Cluster, Documents.Id(21)), [1, 2, 3]);

        (await ReadAsync(_fixture.Catalog)).ShouldHaveSingleItem().Failure.ShouldNotBeNull().Code.ShouldBe(ErrorCodes.ManifestAltered);
    }

    [Fact]
    public async Task Read_TargetsHaveDifferentManifests_IsNotChosenBetween()
    {
        _fixture.PutBackup(Documents.Id(21), "ab");
        _fixture.PutBackup(Documents.Id(21), "c", manifest => manifest with { Database = "other" });

        (await ReadAsync(_fixture.Catalog)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            entry => entry.Failure.ShouldNotBeNull().Code.ShouldBe(ErrorCodes.ManifestAltered),
            entry => entry.Record.ShouldBeNull());
    }

    private static bool IsShop(Manifest manifest) => manifest is { Tenant: null, Database: "shop" };

    private void PutTenant(string id) => _fixture.PutBackup(id, "abc", manifest => manifest with
    {
        Kind = BackupKind.Tenant,
        Tenant = new TenantFacts { Id = "acme", Mode = TenantMode.Column, Scan = new TenantScan(1, 0, 0, 0) },
    });

    private static async Task<List<CatalogEntry>> ReadAsync(StorageCatalog catalog)
    {
        var entries = new List<CatalogEntry>();
        await foreach (var entry in (await catalog.ScanAsync(CancellationToken.None)).ReadNewestFirstAsync(IsShop, CancellationToken.None))
        {
            entries.Add(entry);
        }

        return entries;
    }
}

using BackupFunctions.Jobs.Restore;
using BackupFunctions.Jobs.Tests.Support;

namespace BackupFunctions.Jobs.Tests.Backup;

[Collection(ServerCollection.Name)]
public sealed class ManifestChainTests(ServerFixture fixture)
{
    [Fact]
    public async Task Manifests_OfOneWriter_FormAChain()
    {
        var database = await fixture.NewDatabaseAsync("create table t (a int)");
        using var site = fixture.NewSite(database);

        var first = await site.BackUpAsync(database);
        var second = await site.BackUpAsync(database);

        using var reader = BackupReader.FromSettings(site.Environment);
        var before = (await reader.Catalog.FindAsync(first.BackupId, CancellationToken.None))!;
        var after = (await reader.Catalog.FindAsync(second.BackupId, CancellationToken.None))!;
        before.Manifest.Sequence.ShouldBe(1);
        before.Manifest.PreviousManifestSha256.ShouldBeNull();
        after.Manifest.Sequence.ShouldBe(2);
        after.Manifest.PreviousManifestSha256.ShouldBe(before.Document.Sha256);
    }

    [Fact]
    public async Task Manifest_IsKeptInTheRunsFolder_SameBytesAsEveryTarget()
    {
        var database = await fixture.NewDatabaseAsync("create table t (a int)");
        using var site = fixture.NewSite(database);

        await site.BackUpAsync(database);

        var kept = await File.ReadAllBytesAsync(Path.Combine(site.Site.RunStore, "run", "state", "manifest.json"));
        foreach (var stored in site.FilesAnywhere("manifest.json"))
        {
            (await File.ReadAllBytesAsync(stored)).ShouldBe(kept);
        }
    }
}

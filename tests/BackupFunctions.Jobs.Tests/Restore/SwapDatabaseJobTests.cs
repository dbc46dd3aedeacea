using BackupFunctions.Contracts;
using BackupFunctions.Jobs.Tests.Support;

namespace BackupFunctions.Jobs.Tests.Restore;

[Collection(ServerCollection.Name)]
public sealed class SwapDatabaseJobTests(ServerFixture fixture)
{
    [Fact]
    public async Task Swap_RunTwice_IsDoneOnce()
    {
        var name = await fixture.NewDatabaseAsync("create table t (a int); insert into t values (1)");
        using var site = fixture.NewSite(name);
        var (selected, restored, first) = await RecoverAsync(site, name);

        var second = await site.SwapAsync(name, selected, restored);

        second.KeptDatabase.ShouldBe(first.KeptDatabase);
        (await OidAsync(name)).ShouldBe(restored.ScratchOid);
        (await fixture.Server.ScalarAsync<long>("select count(*) from t", name)).ShouldBe(1);
    }

    [Fact]
    public async Task Swap_Done_RemovesTheDecryptedDump()
    {
        var name = await fixture.NewDatabaseAsync("create table t (a int)");
        using var site = fixture.NewSite(name);

        await RecoverAsync(site, name);

        var folder = Path.Combine(site.Site.WorkFolder, "restores", site.RestoreId);
        Directory.EnumerateDirectories(folder).ShouldBeEmpty();
        File.Exists(Path.Combine(folder, "manifest.json")).ShouldBeTrue();
    }

    [Fact]
    public async Task Swap_Blocked_SaysWhyAndTheLiveDatabaseStays()
    {
        var name = await fixture.NewDatabaseAsync("create table t (a int)");
        using var site = fixture.NewSite(name);
        var backup = await site.BackUpAsync(name);
        await site.FetchAsync(backup.BackupId);
        var restored = await site.RestoreAsync(backup.BackupId);
        var live = await OidAsync(name);
        await fixture.Server.ExecuteAsync($"create database \"pgdr_kept_{site.RestoreId}\"");

        await site.SwapAsync(name, backup.BackupId, restored).ShouldFailWithAsync(ErrorCodes.SwapBlocked);

        (await OidAsync(name)).ShouldBe(live);
        await fixture.Server.ExecuteAsync("insert into t values (1)", name);
        await fixture.Server.ExecuteAsync($"drop database \"pgdr_kept_{site.RestoreId}\"");
        await site.SwapAsync(name, backup.BackupId, restored);
        (await OidAsync(name)).ShouldBe(restored.ScratchOid);
    }

    [Fact]
    public async Task Swap_WhenSubscriptionsCannotBeRestored_IsDoneWithAWarning()
    {
        var name = await fixture.NewDatabaseAsync("create table t (a int)");
        using var site = fixture.NewSite(name);
        var backup = await site.BackUpAsync(name);
        await site.FetchAsync(backup.BackupId);
        var restored = await site.RestoreAsync(backup.BackupId);
        await File.WriteAllTextAsync(Path.Combine(site.Site.WorkFolder, "restores", site.RestoreId, "dump", "toc.dat"), "damaged meanwhile");

        await site.SwapAsync(name, backup.BackupId, restored);

        (await OidAsync(name)).ShouldBe(restored.ScratchOid);
        site.Reporter.Warnings.ShouldContain(warning => warning.StartsWith("Subscriptions of the backup, if it has any, were left out (pg_restore failed", StringComparison.Ordinal));
    }

    private static async Task<(string BackupId, Contracts.Jobs.RestoreDatabaseResult Restored, Contracts.Jobs.SwapDatabaseResult Swapped)> RecoverAsync(
        JobSite site, string name)
    {
        await site.BackUpAsync(name);
        var (selected, restored, swapped) = await site.RecoverAsync(name);
        return (selected.BackupId, restored, swapped);
    }

    private Task<long> OidAsync(string name) => fixture.Server.ScalarAsync<long>($"select oid::bigint from pg_database where datname = '{name}'");
}

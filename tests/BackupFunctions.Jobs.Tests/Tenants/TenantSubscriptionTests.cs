using BackupFunctions.Jobs.Tests.Support;

namespace BackupFunctions.Jobs.Tests.Tenants;

[Collection(ServerCollection.Name)]
public sealed class TenantSubscriptionTests(ServerFixture fixture)
{
    [Fact]
    public async Task Restore_OfATenantOfADatabaseThatSubscribes_LeavesTheSubscriptionOutAndNamesIt()
    {
        using var site = await TenantSite.CreateAsync(
            fixture,
            "create table t (tenant text); insert into t values ('a'); create subscription of_all connection 'host=nowhere.invalid' publication p with (connect = false, slot_name = none)",
            ("Column", "tenant"));
        var backup = await site.BackUpAsync("a");

        var restored = await site.RestoreAsync(backup.BackupId, $"{site.Database}_a");

        (await site.ScalarAsync<long>($"select count(*) from pg_subscription s join pg_database d on d.oid = s.subdbid where datname = '{restored}'")).ShouldBe(0);
        site.Jobs.Reporter.Warnings.ShouldContain(warning => warning.StartsWith("The subscription - of_all postgres was left out", StringComparison.Ordinal));
        await site.ExecuteAsync("drop subscription of_all");
    }
}

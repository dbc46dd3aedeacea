using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Restore;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.Jobs.Verify;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Tests.Tenants;

/// <summary>Many tenants in one job: failures isolated, a run that goes on, and what a tenant's backup may never take the place of.</summary>
[Collection(ServerCollection.Name)]
public sealed class TenantRunsTests(ServerFixture fixture)
{
    private const string Sql = """
        create table tenants (id int primary key);
        create table items (id int primary key, tenant_id int references tenants, friend int references items);
        insert into tenants select generate_series(1, 12);
        insert into items select i, 1 + i % 12 from generate_series(1, 120) i;
        update items set friend = 2 where id = 4;
        """;

    private static readonly (string, string)[] Settings = [("Column", "tenant_id"), ("Root", "public.tenants(id)")];

    [Fact]
    public async Task Run_OneTenantFails_TheOthersAreBackedUpAndTheFailureIsNamed()
    {
        using var site = await TenantSite.CreateAsync(fixture, Sql, Settings);

        var result = await site.BackUpAsync(tenants: null);

        (result.Tenants, result.Verified, result.Failed).ShouldBe((12, 11, 1));
        result.Failures.ShouldHaveSingleItem().Tenant.ShouldBe("5");
        Should.Throw<PgdrException>(result.OrFailure).Code.ShouldBe(ErrorCodes.TenantsFailed);
        Should.Throw<PgdrException>(result.OrFailure).Message.ShouldStartWith("1 of 12 tenants of");
        site.Jobs.ManifestsAnywhere().Count(file => file.EndsWith("manifest.json", StringComparison.Ordinal)).ShouldBe(33);
    }

    [Fact]
    public async Task Run_StartedAgain_LeavesOutWhoIsDone()
    {
        using var site = await TenantSite.CreateAsync(fixture, Sql, Settings);
        (await site.BackUpAsync(tenants: null, "weekly")).Failed.ShouldBe(1);
        await site.ExecuteAsync("update items set friend = null");

        var again = await site.BackUpAsync(tenants: null, "weekly");

        (again.Verified, again.TakenBefore, again.Failed).ShouldBe((12, 11, 0));
        site.Jobs.ManifestsAnywhere().Count(file => file.EndsWith("manifest.json", StringComparison.Ordinal)).ShouldBe(36);
        (await site.BackUpAsync(["1"], "another")).TakenBefore.ShouldBe(0);
    }

    [Fact]
    public async Task Run_Cancelled_GoesOnWithTheRest()
    {
        using var site = await TenantSite.CreateAsync(fixture, Sql.Replace("update items", "-- ", StringComparison.Ordinal), Settings);
        site.Jobs.Site.Settings["TENANT_JOBS"] = "1";
        using var stop = new CancellationTokenSource();
        site.Jobs.Reporter.OnDetail = detail =>
        {
            if (detail.StartsWith("4 of", StringComparison.Ordinal))
            {
                stop.Cancel();
            }
        };
        await Should.ThrowAsync<OperationCanceledException>(() => site.BackUpAsync(tenants: null, "weekly", stop.Token));
        site.Jobs.Reporter.OnDetail = _ => { };

        var again = await site.BackUpAsync(tenants: null, "weekly");

        (again.Verified, again.TakenBefore).ShouldBe((12, 4));
    }

    [Fact]
    public async Task Run_TargetsAway_EndsAtOnceAndNotOnceForEachTenant()
    {
        using var site = await TenantSite.CreateAsync(fixture, Sql, Settings);
        site.Jobs.Site.Settings["BACKUP_REQUIRED_COPIES"] = "2";
        foreach (var name in new[] { "a", "b" })
        {
            await File.WriteAllTextAsync(site.Jobs.Site.TargetFolder(name), "not a folder");
        }

        await site.BackUpAsync(tenants: null).ShouldFailWithAsync(ErrorCodes.CopiesMissing);
    }

    [Theory]
    [InlineData("column")]
    [InlineData("schema")]
    public async Task Run_LargeObjects_AreNamedAsLeftOutWithTheColumnsThatReferToThem(string mode)
    {
        using var site = await TenantSite.CreateAsync(
            fixture, Sql + "select lo_from_bytea(0, 'x'); create domain lo as oid; alter table items add picture oid, add sound lo;", [.. mode == "column" ? Settings : [("Pattern", "publi?")], ("Mode", mode)]);

        await site.BackUpAsync([mode == "column" ? "1" : "public"]);

        site.Jobs.Reporter.Warnings.Where(warning => warning.Contains("large objects", StringComparison.Ordinal)).ShouldHaveSingleItem()
            .ShouldEndWith("only in full ones; columns that may refer to them: public.items.picture, public.items.sound.");
    }

    [Theory]
    [InlineData("column")]
    [InlineData("schema")]
    public async Task Run_ManyTenants_TakesNoMoreConnectionsThanTenantJobsAllows(string mode)
    {
        const string Schemas = "create procedure many() language plpgsql as $$ begin for i in 1..8 loop execute format('create schema t_%1$s; create table t_%1$s.a (id int)', i); end loop; end $$; call many();";
        using var site = await TenantSite.CreateAsync(
            fixture, mode == "column" ? Sql : Schemas, [.. mode == "column" ? Settings : [("Pattern", "t_*")], ("Mode", mode)]);
        site.Jobs.Site.Settings["TENANT_JOBS"] = "2";
        var run = Task.Run(() => site.BackUpAsync(tenants: null));

        var most = 0L;
        while (await Task.WhenAny(run, Task.Delay(20)) != run)
        {
            most = Math.Max(most, await site.ScalarAsync<long>($"select count(*) from pg_stat_activity where datname = '{site.Database}'", "postgres"));
        }

        (await run).Tenants.ShouldBe(mode == "column" ? 12 : 8);
        // One holds the snapshot; a connection that was closed may be there for a moment.
        most.ShouldBeLessThanOrEqualTo(2 + 2);
    }

    [Fact]
    public async Task Finish_ATargetHadFailed_GivesEveryBackupOfTheRunItsCopy()
    {
        using var site = await TenantSite.CreateAsync(fixture, Sql, Settings);
        // A folder that nothing was ever written to cannot be told from a disk that is away.
        await site.BackUpAsync(["1"], "another");
        site.Jobs.Target("b").FailCreate = key => key.Contains("/backups/", StringComparison.Ordinal) ? Away("b") : null;
        var run = await site.BackUpAsync(tenants: null, "weekly");
        (run.Verified, run.Unfinished, run.Failed).ShouldBe((11, 11, 1));
        site.Jobs.Target("b").FailCreate = _ => null;

        var finished = await FinishAsync(site, "weekly");

        (finished.Success, finished.Backups, finished.Repaired).ShouldBe((true, 11, 11), string.Join(" ", finished.Problems));
        site.Jobs.ManifestsAnywhere().Count(file => file.EndsWith("manifest.json", StringComparison.Ordinal)).ShouldBe(36);
    }

    [Fact]
    public async Task Finish_TheTargetIsStillAway_AsksItOnceAndNotForEachTenant()
    {
        using var site = await TenantSite.CreateAsync(fixture, Sql, Settings);
        var asked = 0;
        site.Jobs.Target("b").FailCreate = _ => Away("b");
        site.Jobs.Target("b").FailOpen = _ => Interlocked.Increment(ref asked) > 0 ? Away("b") : null;
        (await site.BackUpAsync(tenants: null, "weekly")).Unfinished.ShouldBe(11);
        asked = 0;

        var finished = await FinishAsync(site, "weekly");

        (finished.Success, finished.Backups, asked).ShouldBe((false, 0, 1));
        finished.Problems.ShouldHaveSingleItem().ShouldStartWith("11 backups of tenants lack their copy on target 'b', which cannot be asked now:");
    }

    [Fact]
    public async Task Finish_NothingIsMissing_LooksAtNothing()
    {
        using var site = await TenantSite.CreateAsync(fixture, Sql, Settings);
        (await site.BackUpAsync(["1"], "weekly")).Unfinished.ShouldBe(0);

        (await FinishAsync(site, "weekly")).ShouldSatisfyAllConditions(finished => finished.Success.ShouldBeTrue(), finished => finished.Backups.ShouldBe(0));
        (await FinishAsync(site, "another")).Backups.ShouldBe(0);
    }

    [Fact]
    public async Task List_ATenantsBackup_HasItsTenantAndIsNotTheDatabases()
    {
        using var site = await TenantSite.CreateAsync(fixture, Sql, Settings);
        var backup = await site.BackUpAsync("1");

        using var reader = BackupReader.FromSettings(site.Jobs.Environment);
        var record = (await reader.Catalog.ListAsync(CancellationToken.None)).Backups.ShouldHaveSingleItem();

        (record.Kind, record.Tenant, record.Status).ShouldBe((BackupKind.Tenant, "1", BackupStatus.Verified));
        (await site.Jobs.SelectAsync(site.Database).ShouldFailWithAsync(ErrorCodes.BackupUnknown)).ShouldContain($"only such as {backup.BackupId} of single tenants");
        (await site.Jobs.SelectAsync(site.Database, backup.BackupId).ShouldFailWithAsync(ErrorCodes.BackupUnknown)).ShouldContain("has tenant '1' alone");
    }

    [Fact]
    public async Task Restore_OverADatabaseOfTheSettings_IsRefused()
    {
        using var site = await TenantSite.CreateAsync(fixture, Sql, Settings);
        site.Jobs.Site.Settings["Databases__1__Name"] = "precious";
        var backup = await site.BackUpAsync("1");

        await site.RestoreAsync(backup.BackupId, "precious").ShouldFailWithAsync(ErrorCodes.InvalidSettings);
        await site.RestoreAsync(backup.BackupId, site.Database).ShouldFailWithAsync(ErrorCodes.BackupUnknown);
    }

    private static Task<VerifyCopiesResult> FinishAsync(TenantSite site, string run) => new VerifyCopiesJob(site.Jobs.Environment)
        .RunAsync(new VerifyCopiesParameters("test", Repair: true) { Ended = true, TenantRun = new TenantRunId(site.Database, run) }, CancellationToken.None);

    private static StorageException Away(string target) => new(ErrorCodes.TargetUnreachable, target, $"Target '{target}' is away: check it.");
}

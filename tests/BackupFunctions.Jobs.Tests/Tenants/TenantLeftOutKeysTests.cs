using BackupFunctions.Jobs.Tests.Support;
using Npgsql;

namespace BackupFunctions.Jobs.Tests.Tenants;

/// <summary>Foreign keys to tables whose rows are not in the backup.</summary>
[Collection(ServerCollection.Name)]
public sealed class TenantLeftOutKeysTests(ServerFixture fixture)
{
    private const string Plans = "create table plans (id int primary key); insert into plans values (7); ";

    [Fact]
    public async Task Restore_KeyToASharedTableWithoutRows_HoldsForNewRows()
    {
        using var site = await SiteAsync(
            """
            create schema "s;1"; create table "s;1"."Row s" (tenant_id int, plan int constraint "to plans" references plans on delete set null deferrable);
            comment on constraint "to plans" on "s;1"."Row s" is 'it''s one';
            insert into "s;1"."Row s" values (1, 7);
            """);

        var restored = await RestoreAsync(site);

        (await site.ScalarAsync<long>("select count(*) from plans", restored)).ShouldBe(0);
        (await site.ScalarAsync<int>("""select plan from "s;1"."Row s" """, restored)).ShouldBe(7);
        const string Definition = "select pg_get_constraintdef(oid) || ', ' || obj_description(oid, 'pg_constraint') from pg_constraint where contype = 'f'";
        (await site.ScalarAsync<string>(Definition, restored)).ShouldBe("FOREIGN KEY (plan) REFERENCES plans(id) ON DELETE SET NULL DEFERRABLE NOT VALID, it's one");
        (await Should.ThrowAsync<PostgresException>(() => fixture.Server.ExecuteAsync("""insert into "s;1"."Row s" values (1, 8)""", restored)))
            .SqlState.ShouldBe(PostgresErrorCodes.ForeignKeyViolation);
        Warning(site).ShouldContain("1 foreign keys to tables whose rows are not in the backup were restored NOT VALID");

        await fixture.Server.ExecuteAsync("""insert into plans values (7); alter table "s;1"."Row s" validate constraint "to plans" """, restored);
        (await site.ScalarAsync<string>(Definition, restored)).ShouldBe(await site.ScalarAsync<string>(Definition));
    }

    [Fact]
    public async Task Restore_KeyThatWasNotValid_IsAsItWas()
    {
        using var site = await SiteAsync(
            "create table a (tenant_id int, plan int); insert into a values (1, 9); alter table a add constraint a_fkey foreign key (plan) references plans not valid;");

        var restored = await RestoreAsync(site);

        (await site.ScalarAsync<string>("select pg_get_constraintdef(oid) from pg_constraint where contype = 'f'", restored)).ShouldBe("FOREIGN KEY (plan) REFERENCES plans(id) NOT VALID");
    }

    [Fact]
    public async Task Restore_KeyThatTheServerCannotHaveNotValid_IsNamed()
    {
        using var site = await SiteAsync(
            """
            create table a (tenant_id int, plan int references plans) partition by list (tenant_id); create table a1 partition of a for values in (1);
            comment on constraint a_plan_fkey on a is 'not restored either'; insert into a values (1, 7);
            """);

        var restored = await RestoreAsync(site);

        (await site.ScalarAsync<long>("select count(*) from pg_constraint where contype = 'f'", restored)).ShouldBe(0);
        Warning(site).ShouldContain("were left out: fill those tables, then add them: public.a.a_plan_fkey (cannot add NOT VALID foreign key on partitioned table");
    }

    private Task<TenantSite> SiteAsync(string sql) =>
        TenantSite.CreateAsync(fixture, Plans + sql, ("Column", "tenant_id"), ("Shared", "public.plan?"), ("SharedRows", "false"));

    private static async Task<string> RestoreAsync(TenantSite site) => await site.RestoreAsync((await site.BackUpAsync("1")).BackupId, $"{site.Database}_1");

    private static string Warning(TenantSite site) =>
        site.Jobs.Reporter.Warnings.Where(warning => warning.Contains("foreign keys", StringComparison.Ordinal)).ShouldHaveSingleItem();
}

using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Jobs.Tests.Support;

namespace BackupFunctions.Jobs.Tests.Tenants;

/// <summary>A schema for each tenant.</summary>
[Collection(ServerCollection.Name)]
public sealed class TenantSchemaModeTests(ServerFixture fixture)
{
    private const string Schemas = """
        create extension citext;
        create table public.plans (code citext primary key); insert into public.plans values ('a');
        create schema "t_one'*"; create schema t_two; create schema other;
        create table "t_one'*".a (id serial primary key, plan public.citext references public.plans); insert into "t_one'*".a (plan) values ('a'), (null);
        create table t_two.a (id serial primary key); insert into t_two.a default values;
        create table other.secret (id int);
        """;

    [Fact]
    public async Task Backup_AllTenants_EachHasItsSchemaAndTheSharedOnes()
    {
        using var site = await SiteAsync(("Pattern", "t?*"), ("Shared", "public"));

        var result = await site.BackUpAsync(tenants: null);

        result.Failures.ShouldBeEmpty();
        result.Backups.Select(backup => (backup.Tenant, backup.Rows, backup.Status)).ShouldBe([("t_one'*", 2, BackupStatus.Verified), ("t_two", 1, BackupStatus.Verified)]);
        var restored = await site.RestoreAsync(result.Backups[0].BackupId, $"{site.Database}_one");
        (await site.ScalarAsync<string>("select string_agg(nspname, ',' order by 1) from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'", restored))
            .ShouldBe("public,t_one'*");
        (await site.ScalarAsync<long>("""select nextval('"t_one''*".a_id_seq')""", restored)).ShouldBe(3);
    }

    [Fact]
    public async Task Backup_SchemaThatNeedsOneThatIsNotShared_NamesIt()
    {
        using var site = await SiteAsync(("Pattern", "t_*"));

        var result = await site.BackUpAsync(tenants: null);

        result.Backups.ShouldHaveSingleItem().Tenant.ShouldBe("t_two");
        var failure = result.Failures.ShouldHaveSingleItem();
        failure.ErrorCode.ShouldBe(ErrorCodes.TenantTables);
        failure.Error.ShouldContain("public (by a");
    }

    [Theory]
    [InlineData("other")]
    [InlineData("public")]
    [InlineData("t_absent")]
    public async Task Backup_SchemaThatIsNoTenant_IsRefused(string tenant)
    {
        using var site = await SiteAsync(("Pattern", "t_*"), ("Shared", "public"));

        (await site.FailAsync(tenant)).ErrorCode.ShouldBe(ErrorCodes.TenantUnknown);
    }

    private async Task<TenantSite> SiteAsync(params (string, string)[] settings)
    {
        var site = await TenantSite.CreateAsync(fixture, Schemas, settings);
        site.Set("Mode", "schema");
        return site;
    }
}

using BackupFunctions.Contracts;
using BackupFunctions.Jobs.Tests.Support;

namespace BackupFunctions.Jobs.Tests.Tenants;

/// <summary>Whose a row is: what is refused, and what settings must say.</summary>
[Collection(ServerCollection.Name)]
public sealed class TenantOwnershipTests(ServerFixture fixture)
{
    private static readonly (string, string)[] ByColumn = [("Column", "tenant_id")];

    [Fact]
    public async Task Table_ThatBelongsToNobody_IsNamedWithTheRemedyBeforeAnythingIsWritten()
    {
        using var site = await TenantSite.CreateAsync(fixture, "create table a (tenant_id int); create table \"Lost & found\" (id int);", ByColumn);

        var message = await site.BackUpAsync(["1"]).ShouldFailWithAsync(ErrorCodes.TenantTables);

        message.ShouldContain("public.Lost & found belongs to no tenant");
        message.ShouldContain("name it as shared");
        site.Jobs.FilesAnywhere().ShouldBeEmpty();
    }

    [Fact]
    public async Task Table_SharedAndWithTheTenantColumn_IsRefused()
    {
        using var site = await TenantSite.CreateAsync(fixture, "create table a (tenant_id int);", [.. ByColumn, ("Shared", "public.*")]);

        (await site.BackUpAsync(["1"]).ShouldFailWithAsync(ErrorCodes.TenantTables)).ShouldContain("public.a");
    }

    [Theory]
    [InlineData("Shared", "public.absent")]
    [InlineData("Root", "public.absent(id)")]
    [InlineData("Columns", "public.a(absent)")]
    public async Task Setting_ThatNamesWhatIsNotThere_IsRefused(string name, string value)
    {
        using var site = await TenantSite.CreateAsync(fixture, "create table a (tenant_id int);", [.. ByColumn, (name, value)]);

        (await site.BackUpAsync(["1"]).ShouldFailWithAsync(ErrorCodes.TenantTables)).ShouldContain("absent");
    }

    [Fact]
    public async Task Reference_ToARowOfAnotherTenant_FailsThatTenantNamingTableAndCount()
    {
        using var site = await TenantSite.CreateAsync(
            fixture,
            """
            create table owners (id int primary key, tenant_id int);
            create table things (id int primary key, tenant_id int, owner int references owners);
            insert into owners values (1, 1), (2, 2);
            insert into things values (1, 1, 1), (2, 1, 2), (3, 1, 2), (4, 2, 2);
            """,
            ByColumn);

        var failure = await site.FailAsync("1");

        failure.ErrorCode.ShouldBe(ErrorCodes.TenantForeignRows);
        failure.Error.ShouldContain("2 rows of table public.things");
        failure.Error.ShouldContain("things_owner_fkey");
        (await site.BackUpAsync("2")).Rows.ShouldBe(2);
    }

    [Fact]
    public async Task TwoKeys_ThatDisagreeOnTheTenant_AreAnErrorThatNamesTheOther()
    {
        using var site = await TenantSite.CreateAsync(
            fixture,
            """
            create table people (id int primary key, tenant_id int);
            create table rooms (id int primary key, tenant_id int);
            create table bookings (person int references people, room int references rooms);
            insert into people values (1, 1), (2, 2); insert into rooms values (1, 1), (2, 2);
            insert into bookings values (1, 1), (2, null), (null, 2), (1, 2);
            """,
            ByColumn);

        (await site.FailAsync("1")).Error.ShouldContain("1 rows of table public.bookings belong to tenant '1' and refer by bookings_room_fkey");
        (await site.FailAsync("2")).Error.ShouldContain("bookings_person_fkey");
        await site.ExecuteAsync("delete from bookings where person = 1 and room = 2");
        (await site.BackUpAsync("2")).Rows.ShouldBe(4);
    }

    [Fact]
    public async Task Rows_ThatBelongToNoTenant_AreCountedInAWarningWhenAllAreBackedUp()
    {
        using var site = await TenantSite.CreateAsync(
            fixture, "create table a (tenant_id int); insert into a values (1), (null), (null);", [.. ByColumn, ("List", "select '1'")]);

        (await site.BackUpAsync(tenants: null)).Rows.ShouldBe(1);

        site.Jobs.Reporter.Warnings.ShouldContain(warning => warning.StartsWith("2 rows of table public.a belong to no tenant", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("3")]
    [InlineData("abc")]
    [InlineData("1; drop table a")]
    [InlineData("' or '1' = '1")]
    [InlineData("99999999999999999999")]
    public async Task Tenant_ThatIsNotThere_IsNoEmptyBackup(string tenant)
    {
        using var site = await TenantSite.CreateAsync(fixture, "create table a (tenant_id int); insert into a values (1);", ByColumn);

        (await site.FailAsync(tenant)).ErrorCode.ShouldBe(ErrorCodes.TenantUnknown);

        (await site.ScalarAsync<long>("select count(*) from a")).ShouldBe(1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public async Task Tenant_WithoutAName_IsRefused(string tenant)
    {
        using var site = await TenantSite.CreateAsync(fixture, "create table a (tenant_id text); insert into a values ('');", ByColumn);

        await site.BackUpAsync([tenant]).ShouldFailWithAsync(ErrorCodes.TenantUnknown);
    }

    [Theory]
    [InlineData("select null::text")]
    [InlineData("select ''")]
    [InlineData("select '1' where false")]
    [InlineData("select 1")]
    [InlineData("select nonsense")]
    public async Task List_ThatIsNoListOfTenants_IsRefused(string query)
    {
        using var site = await TenantSite.CreateAsync(fixture, "create table a (tenant_id int); insert into a values (1);", [.. ByColumn, ("List", query)]);

        await site.BackUpAsync(tenants: null).ShouldFailWithAsync(ErrorCodes.TenantUnknown);
    }

    [Fact]
    public async Task Tenants_AllWithoutAWayToListThem_SaysWhatToSet()
    {
        using var site = await TenantSite.CreateAsync(fixture, "create table a (tenant_id int);", ByColumn);

        (await site.BackUpAsync(tenants: null).ShouldFailWithAsync(ErrorCodes.InvalidSettings)).ShouldContain("set Root or List");
    }
}

using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Postgres.Merge;

namespace BackupFunctions.Postgres.Tests.Merge;

/// <summary>What tables of version 18 can have. On 15: DatabaseMergeTests, by columns and keys that it has.</summary>
public sealed class MergeNewerSqlTests
{
    private const string Unenforced = """
        create table parent (a int primary key);
        create table child (a int primary key, p int, constraint loose foreign key (p) references parent not enforced);
        """;

    private const string Computed = "create table t (a int primary key, b int, c int generated always as (b * 2) virtual, d int generated always as (b * 3) stored);";

    private const string Temporal = """
        create table place (id int4range, valid daterange, name text, primary key (id, valid without overlaps));
        create table visit (a int primary key, place int4range, valid daterange, constraint during foreign key (place, period valid) references place (id, period valid));
        """;

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Merge_OnVersion18_KnowsItsKeysAndColumns()
    {
        var fixture = new ServerFixture { Major = 18 };
        await fixture.InitializeAsync();
        try
        {
            await UnenforcedKeysAreNotCheckedAsync(fixture);
            await VirtualColumnsAreComputedAsync(fixture);
            await TemporalTablesAreRefusedOrAddedToAsync(fixture);
        }
        finally
        {
            await fixture.DisposeAsync();
        }
    }

    private static async Task UnenforcedKeysAreNotCheckedAsync(ServerFixture fixture)
    {
        var into = await fixture.NewDatabaseAsync(Unenforced);
        var from = await fixture.NewDatabaseAsync(Unenforced + "insert into child values (1, 9)");

        (await RunAsync(fixture, into, from, MergePolicy.Overwrite)).Applied.ShouldBeTrue();

        (await fixture.Server.ScalarAsync<int>("select p from child", into)).ShouldBe(9);
    }

    private static async Task VirtualColumnsAreComputedAsync(ServerFixture fixture)
    {
        var into = await fixture.NewDatabaseAsync(Computed + "insert into t values (1, 5)");
        var from = await fixture.NewDatabaseAsync(Computed + "insert into t values (1, 1), (2, 2)");

        (await RunAsync(fixture, into, from, MergePolicy.Overwrite)).Tables.ShouldHaveSingleItem().ShouldBe(new MergeTableResult("public.t", 1, 1, 0, 0, 0));

        (await fixture.Server.ScalarAsync<string>("select string_agg(t::text, ' ' order by a) from t", into)).ShouldBe("(1,1,2,3) (2,2,4,6)");
        (await RunAsync(fixture, into, from, MergePolicy.Overwrite)).Tables.ShouldHaveSingleItem().Same.ShouldBe(2);
    }

    private static async Task TemporalTablesAreRefusedOrAddedToAsync(ServerFixture fixture)
    {
        const string Places = "insert into place values ('[1,2)', '[2026-01-01,2026-06-01)', 'old'), ('[2,3)', '[2026-01-01,2026-06-01)', 'gone');";
        var into = await fixture.NewDatabaseAsync(Temporal + "insert into place values ('[1,2)', '[2026-01-01,2026-06-01)', 'old')");
        var from = await fixture.NewDatabaseAsync(Temporal + Places + "insert into visit values (1, '[1,2)', '[2026-02-01,2026-03-01)')");

        (await RefusedAsync(fixture, into, from, MergePolicy.AddMissing)).ShouldContain("its foreign key during is temporal");
        (await RefusedAsync(fixture, into, from, MergePolicy.Overwrite, "public.place")).ShouldContain("has no primary key");
        (await RunAsync(fixture, into, from, MergePolicy.AddMissing, "public.place")).Tables.ShouldHaveSingleItem().Add.ShouldBe(1);

        (await fixture.Server.ScalarAsync<string>("select string_agg(name, ' ' order by id) from place", into)).ShouldBe("old gone");
        await fixture.Server.ExecuteAsync("update place set name = 'new', valid = '[2026-05-01,2026-07-01)' where id = '[1,2)'", into);
        (await RefusedAsync(fixture, into, from, MergePolicy.AddMissing, "public.place")).ShouldContain("place_pkey");
        (await fixture.Server.ScalarAsync<long>("select count(*) from place", into)).ShouldBe(2);
    }

    private static Task<MergeResult> RunAsync(ServerFixture fixture, string into, string from, MergePolicy policy, params string[] tables) => DatabaseMerge.RunAsync(
        fixture.Connection, new MergeRequest { Live = into, Backup = from, Policy = policy, Apply = true, Tables = tables }, progress: null, CancellationToken.None);

    private static async Task<string> RefusedAsync(ServerFixture fixture, string into, string from, MergePolicy policy, params string[] tables)
    {
        var error = await Should.ThrowAsync<PgdrException>(() => RunAsync(fixture, into, from, policy, tables));
        error.Code.ShouldBe(ErrorCodes.MergeRefused);
        error.Message.ShouldContain("nothing was written");
        return error.Message;
    }
}

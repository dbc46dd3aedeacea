using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Postgres.Merge;
using BackupFunctions.Postgres.Tenants;

namespace BackupFunctions.Postgres.Tests.Merge;

/// <summary>What a merge leaves alone, what it refuses, and that nothing is written then.</summary>
[Collection(ServerCollection.Name)]
public sealed class DatabaseMergeTests(ServerFixture fixture)
{
    [Theory]
    [InlineData("create table t (a int, b text)", MergePolicy.Overwrite, "has no primary key")]
    [InlineData("create table t (a int unique, b text)", MergePolicy.Overwrite, "has no primary key")]
    [InlineData("create table t (a int primary key deferrable, b text)", MergePolicy.AddMissing, "t_pkey is deferrable")]
    [InlineData("create table t (a int primary key, b text)", MergePolicy.Newest, "no column 'changed'")]
    [InlineData(
        "create table t (a int primary key); create function f() returns trigger language plpgsql as 'begin return new; end'; "
        + "create trigger noisy before insert on t for each row execute function f(); alter table t enable always trigger noisy",
        MergePolicy.AddMissing,
        "trigger noisy would fire")]
    [InlineData("create table t (a int primary key); create rule r as on insert to t do instead nothing; alter table t enable replica rule r", MergePolicy.AddMissing, "rule r would act")]
    public async Task Merge_TableThatItCannotDoRight_IsRefusedByName(string sql, MergePolicy policy, string cause)
    {
        var database = await fixture.NewDatabaseAsync(sql);

        var error = await RefusedAsync(Request(database, database, policy));

        error.ShouldContain("table public.t");
        error.ShouldContain(cause);
        error.ShouldContain("nothing was written");
    }

    [Theory]
    [InlineData("create table t (a int primary key, b int)", "create table t (a int primary key, b text)", "of type integer, in the backup of type text")]
    [InlineData("create table t (a int primary key, b int not null)", "create table t (a int primary key)", "no default")]
    [InlineData("create table t (a int, b int primary key)", "create table t (a int primary key)", "no default")]
    [InlineData("create table t (a int primary key)", "create table t (a int); insert into t values (1), (1)", "more than once")]
    [InlineData("create table t (a int primary key, b int check (b < 5))", "create table t (a int primary key, b int); insert into t values (1, 9)", "t_b_check")]
    [InlineData("create table t (a int primary key, b int)", "create table t (a int primary key, b int); create table u (a int)", "no table 'public.u'", "public.u")]
    public async Task Merge_SidesThatDoNotFit_AreRefused(string live, string backup, string cause, string? table = null)
    {
        var (into, from) = (await fixture.NewDatabaseAsync(live), await fixture.NewDatabaseAsync(backup));

        (await RefusedAsync(Request(into, from, MergePolicy.AddMissing) with { Tables = table is null ? [] : [table] })).ShouldContain(cause);

        (await CountAsync(into)).ShouldBe(0);
    }

    [Fact]
    public async Task Merge_ColumnsOfOneSideOnly_AreNamedAndTheRestIsWritten()
    {
        var into = await fixture.NewDatabaseAsync("create table t (a int primary key, b int, added text default 'x')");
        var from = await fixture.NewDatabaseAsync("create table t (dropped int, b int, a int primary key); insert into t values (1, 2, 3); create table gone (a int)");

        var result = await RunAsync(Request(into, from, MergePolicy.Overwrite));

        result.Warnings.Count.ShouldBe(3);
        result.Warnings.ShouldContain(static warning => warning.StartsWith("Column added"));
        result.Warnings.ShouldContain(static warning => warning.StartsWith("Column dropped"));
        result.Warnings.ShouldContain(static warning => warning.StartsWith("Table public.gone"));
        (await fixture.Server.ScalarAsync<string>("select t::text from t", into)).ShouldBe("(3,2,x)");
        (await RunAsync(Request(into, from, MergePolicy.Overwrite))).Tables.ShouldHaveSingleItem().ShouldBe(new MergeTableResult("public.t", 0, 0, 0, 0, 1));
    }

    [Fact]
    public async Task Merge_ParentNeitherLiveNorPartOfIt_StopsItWithCountAndNames()
    {
        const string Sql = "create table p (a int primary key); create table t (a int primary key, p int constraint to_p references p);";
        var into = await fixture.NewDatabaseAsync(Sql + "insert into p values (1)");
        var from = await fixture.NewDatabaseAsync(Sql + "insert into p values (1), (2), (3); insert into t values (1, 1), (2, 2), (3, 3), (4, null)");

        var result = await RunAsync(Request(into, from, MergePolicy.AddMissing) with { Tables = ["public.t"] });

        result.Applied.ShouldBeFalse();
        result.Blockers.ShouldHaveSingleItem().ShouldStartWith("2 rows for table public.t refer by to_p to rows of public.p");
        (await CountAsync(into)).ShouldBe(0);
        (await RunAsync(Request(into, from, MergePolicy.AddMissing))).Applied.ShouldBeTrue();
        (await CountAsync(into)).ShouldBe(4);
    }

    [Fact]
    public async Task Merge_ParentsOfValuesThatTheServerMakes_AreLookedFor()
    {
        const string Parents = "create table p (a int primary key);";
        var from = await fixture.NewDatabaseAsync(Parents + "create table t (a int primary key); insert into t values (1)");
        var keyed = await fixture.NewDatabaseAsync(Parents + "create table t (a int primary key, p int default 9 references p)");
        var bare = await fixture.NewDatabaseAsync(Parents + "create table t (a int, p int default 9 references p)");

        (await RefusedAsync(Request(keyed, from, MergePolicy.AddMissing))).ShouldContain("1 written rows of table public.t have no row of public.p by t_p_fkey");
        (await RunAsync(Request(bare, from, MergePolicy.AddMissing))).Blockers.ShouldHaveSingleItem().ShouldContain("t_p_fkey");

        (await CountAsync(keyed)).ShouldBe(0);
        (await CountAsync(bare)).ShouldBe(0);
    }

    [Fact]
    public async Task Merge_CirclesAndSelfReferences_NeedNoOrder()
    {
        const string Sql = "create table t (a int primary key, b int not null); create table u (b int primary key, a int not null references t); alter table t add foreign key (b) references u deferrable initially deferred;";
        var into = await fixture.NewDatabaseAsync(Sql);
        var from = await fixture.NewDatabaseAsync(Sql + "begin; insert into t values (1, 1); insert into u values (1, 1); commit;");

        (await RunAsync(Request(into, from, MergePolicy.Overwrite))).Tables.Sum(static table => table.Add).ShouldBe(2);

        (await CountAsync(into)).ShouldBe(1);
    }

    [Fact]
    public async Task Merge_ReferencedColumnThatWouldChange_IsRefused()
    {
        const string Sql = "create table p (a int primary key, code text unique); create table t (a int primary key, code text references p (code));";
        var into = await fixture.NewDatabaseAsync(Sql + "insert into p values (1, 'new'); insert into t values (1, 'new')");
        var from = await fixture.NewDatabaseAsync(Sql + "insert into p values (1, 'old')");

        (await RefusedAsync(Request(into, from, MergePolicy.Overwrite))).ShouldContain("1 rows that refer to public.p by t_code_fkey");

        (await fixture.Server.ScalarAsync<string>("select code from p", into)).ShouldBe("new");
    }

    [Fact]
    public async Task Merge_UniqueValueThatAnotherLiveRowHas_StopsItWithCount()
    {
        const string Sql = "create table t (a int primary key, mail text constraint one_mail unique);";
        var into = await fixture.NewDatabaseAsync(Sql + "insert into t values (2, 'x')");
        var from = await fixture.NewDatabaseAsync(Sql + "insert into t values (1, 'x'), (3, 'y')");

        var result = await RunAsync(Request(into, from, MergePolicy.AddMissing));

        result.Applied.ShouldBeFalse();
        result.Blockers.ShouldHaveSingleItem().ShouldStartWith("1 rows for table public.t have values of the unique index one_mail");
        (await CountAsync(into)).ShouldBe(1);
    }

    [Fact]
    public async Task Merge_ExclusionConstraintThatALiveRowStandsFor_IsRefusedAndNothingIsWritten()
    {
        const string Sql = "create table t (room int4range, during daterange, constraint once exclude using gist (room with =, during with &&));";
        var into = await fixture.NewDatabaseAsync(Sql + "insert into t values ('[1,2)', '[2026-05-01,2026-07-01)')");
        var from = await fixture.NewDatabaseAsync(Sql + "insert into t values ('[1,2)', '[2026-01-01,2026-06-01)'), ('[2,3)', '[2026-01-01,2026-06-01)')");

        (await RefusedAsync(Request(into, from, MergePolicy.AddMissing))).ShouldContain("once");

        (await CountAsync(into)).ShouldBe(1);
    }

    [Fact]
    public async Task Merge_TableWithoutAKey_AddsRowsByHowOftenTheyAreThere()
    {
        const string Sql = "create table t (a int, b json);";
        var into = await fixture.NewDatabaseAsync(Sql + "insert into t values (1, '{}'), (7, null)");
        var from = await fixture.NewDatabaseAsync(Sql + """insert into t values (1, '{}'), (1, '{}'), (2, null), (2, '""')""");

        (await RunAsync(Request(into, from, MergePolicy.AddMissing))).Tables.ShouldHaveSingleItem().ShouldBe(new MergeTableResult("public.t", 3, 0, 0, 1, 1));

        (await CountAsync(into)).ShouldBe(5);
        (await RunAsync(Request(into, from, MergePolicy.AddMissing))).Tables.ShouldHaveSingleItem().ShouldBe(new MergeTableResult("public.t", 0, 0, 0, 1, 4));
    }

    [Fact]
    public async Task Merge_PartitionsAndInheritance_AreMergedByTheirOwnTables()
    {
        const string Sql = """
            create table p (a int, b int, c text, primary key (a, b)) partition by range (b);
            create table p1 partition of p for values from (0) to (10); create table p2 partition of p for values from (10) to (20);
            create table base (a int primary key); create table derived (a int primary key, d int) inherits (base);
            """;
        var into = await fixture.NewDatabaseAsync(Sql + "insert into p values (1, 1, 'live'); insert into derived values (5, 5)");
        var from = await fixture.NewDatabaseAsync(Sql + "insert into p values (1, 1, 'old'), (1, 11, 'gone'); insert into base values (1); insert into derived values (6, 6)");

        var result = await RunAsync(Request(into, from, MergePolicy.Overwrite));

        result.Tables.ShouldBe([new("public.base", 1, 0, 0, 0, 0), new("public.derived", 1, 0, 0, 1, 0), new("public.p", 1, 1, 0, 0, 0)]);
        (await fixture.Server.ScalarAsync<string>("select string_agg(c, ',' order by b) from p", into)).ShouldBe("old,gone");
        (await fixture.Server.ScalarAsync<long>("select count(*) from p2", into)).ShouldBe(1);
        (await fixture.Server.ScalarAsync<long>("select count(*) from only base", into)).ShouldBe(1);
    }

    [Fact]
    public async Task Merge_Sequences_GoForwardAndNeverBack()
    {
        const string Sql = "create table t (a bigint generated always as identity primary key); create table u (a serial primary key); create table d (a int primary key default 0);"
            + "create sequence down increment -1; alter table d alter a set default nextval('down');";
        var into = await fixture.NewDatabaseAsync(Sql + "select setval('u_a_seq', 500)");
        var from = await fixture.NewDatabaseAsync(Sql + "insert into t select from generate_series(1, 40); insert into u select from generate_series(1, 40); insert into d select nextval('down') from generate_series(1, 40)");

        (await RunAsync(Request(into, from, MergePolicy.AddMissing))).Applied.ShouldBeTrue();

        (await fixture.Server.ScalarAsync<long>("select nextval('t_a_seq')", into)).ShouldBe(41);
        (await fixture.Server.ScalarAsync<long>("select nextval('u_a_seq')", into)).ShouldBe(501);
        (await fixture.Server.ScalarAsync<long>("select nextval('down')", into)).ShouldBe(-41);
    }

    [Fact]
    public async Task Merge_TableThatSomebodyWritesTo_IsNotWaitedForForEver()
    {
        const string Sql = "create table t (a int primary key);";
        var into = await fixture.NewDatabaseAsync(Sql);
        var from = await fixture.NewDatabaseAsync(Sql + "insert into t values (1)");
        await using var writer = await fixture.Server.OpenAsync(into);
        await using var transaction = await writer.BeginTransactionAsync();
        await using var insert = new Npgsql.NpgsqlCommand("insert into t values (9)", writer, transaction);
        await insert.ExecuteNonQueryAsync();

        var error = await Should.ThrowAsync<PgdrException>(() => RunAsync(Request(into, from, MergePolicy.AddMissing) with { LockPatience = TimeSpan.FromMilliseconds(50) }));

        error.Code.ShouldBe(ErrorCodes.MergeLocked);
        (await RunAsync(Request(into, from, MergePolicy.AddMissing) with { Apply = false })).Tables.ShouldHaveSingleItem().Add.ShouldBe(1);
    }

    [Fact]
    public async Task Merge_RoleThatIsNoSuperuser_IsToldTheStatement()
    {
        var database = await fixture.NewDatabaseAsync("create table t (a int primary key)");
        var role = fixture.NewName("merger");
        await fixture.Server.ExecuteAsync($"create role {role} login password 'merge-canary'");

        var error = await Should.ThrowAsync<PgdrException>(() => DatabaseMerge.RunAsync(
            fixture.ConnectionAs(role, "merge-canary"), Request(database, database, MergePolicy.AddMissing), progress: null, CancellationToken.None));

        error.Code.ShouldBe(ErrorCodes.PermissionMissing);
        error.Message.ShouldContain($"ALTER ROLE \"{role}\" SUPERUSER");
    }

    [Fact]
    public async Task Merge_AnotherDatabaseOfThatName_IsRefused()
    {
        var database = await fixture.NewDatabaseAsync("create table t (a int primary key)");

        (await RefusedAsync(Request(database, database, MergePolicy.AddMissing) with { BackupOid = 1 })).ShouldContain("is not the one that was restored");
    }

    [Fact]
    public async Task Merge_OfATenant_LeavesEveryOtherRow()
    {
        var into = await fixture.NewDatabaseAsync(Tenants + "delete from line where id = 1; delete from orders where id in (1, 3); update orders set note = 'mine' where id = 2; update orders set note = 'theirs' where id = 4");
        var from = await fixture.NewDatabaseAsync(Tenants);

        var result = await RunAsync(OfTenant(into, from, "1"));

        result.Tables.ShouldBe([new("public.line", 1, 0, 0, 0, 1), new("public.orders", 1, 1, 0, 0, 0)]);
        (await fixture.Server.ScalarAsync<string>("select string_agg(id || note, ',' order by id) from orders", into)).ShouldBe("1a,2b,4theirs");
        (await fixture.Server.ScalarAsync<string>("select string_agg(id::text, ',' order by id) from line", into)).ShouldBe("1,2,4");
    }

    [Fact]
    public async Task Merge_OfATenantWhoseKeyAnotherTenantHasByNow_IsRefused()
    {
        var into = await fixture.NewDatabaseAsync(Tenants + "update orders set tenant_id = 2 where id = 1");
        var from = await fixture.NewDatabaseAsync(Tenants);

        var error = await Should.ThrowAsync<PgdrException>(() => RunAsync(OfTenant(into, from, "1") with { Tables = ["public.orders"] }));

        error.Code.ShouldBe(ErrorCodes.TenantForeignRows);
        error.Message.ShouldContain("public.orders");
        (await fixture.Server.ScalarAsync<int>("select tenant_id from orders where id = 1", into)).ShouldBe(2);
    }

    [Fact]
    public async Task Merge_OfATenantWhoseRowsWouldBecomeAnothersByTheirParent_IsRefused()
    {
        var into = await fixture.NewDatabaseAsync(Tenants + "delete from line where id = 1; update orders set tenant_id = 2 where id = 1");
        var from = await fixture.NewDatabaseAsync(Tenants);

        var error = await Should.ThrowAsync<PgdrException>(() => RunAsync(OfTenant(into, from, "1") with { Tables = ["public.line"] }));

        error.Code.ShouldBe(ErrorCodes.TenantForeignRows);
        error.Message.ShouldContain("public.line");
        (await fixture.Server.ScalarAsync<long>("select count(*) from line where id = 1", into)).ShouldBe(0);
    }

    private const string Tenants = """
        create table country (code text primary key); insert into country values ('de');
        create table orders (id int primary key, tenant_id int not null, note text, country text references country);
        create table line (id int primary key, orders int not null references orders);
        alter table orders enable row level security; alter table orders force row level security;
        insert into orders values (1, 1, 'a', 'de'), (2, 1, 'b', null), (3, 2, 'c', null), (4, 2, 'd', null);
        insert into line values (1, 1), (2, 2), (3, 3), (4, 4);
        delete from line where id = 3;
        """;

    private static MergeRequest OfTenant(string into, string from, string tenant) => Request(into, from, MergePolicy.Overwrite) with
    {
        Tenant = tenant, Rules = new TenantRules { Column = "tenant_id", Shared = ["public.country"] },
    };

    private static MergeRequest Request(string into, string from, MergePolicy policy) => new() { Live = into, Backup = from, Policy = policy, NewestColumn = "changed", Apply = true };

    private Task<MergeResult> RunAsync(MergeRequest request) => DatabaseMerge.RunAsync(fixture.Connection, request, progress: null, CancellationToken.None);

    private async Task<string> RefusedAsync(MergeRequest request)
    {
        var error = await Should.ThrowAsync<PgdrException>(() => RunAsync(request));
        error.Code.ShouldBe(ErrorCodes.MergeRefused);
        error.Message.ShouldNotContain('\n');
        return error.Message;
    }

    private async Task<long> CountAsync(string database) => await fixture.Server.ScalarAsync<long>("select count(*) from t", database);
}

using BackupFunctions.Contracts.Backups;
using BackupFunctions.Jobs.Tests.Support;

namespace BackupFunctions.Jobs.Tests.Tenants;

/// <summary>Tables as they really are: what is restored is the tenant's part of them.</summary>
[Collection(ServerCollection.Name)]
public sealed class TenantShapesTests(ServerFixture fixture)
{
    private static readonly (string, string)[] ByColumn = [("Column", "tenant_id")];

    [Fact]
    public async Task Partitions_OfTablesByColumnAndByKey_AreRestoredLeafByLeaf()
    {
        using var site = await TenantSite.CreateAsync(
            fixture,
            """
            create table events (id int, tenant_id int, at date, unique (id, at)) partition by range (at);
            create table events_old partition of events for values from ('2020-01-01') to ('2025-01-01');
            create table events_new partition of events for values from ('2025-01-01') to ('2030-01-01') partition by list (id);
            create table events_new_other partition of events_new default;
            create table marks (event int, at date, mark text, foreign key (event, at) references events (id, at)) partition by hash (event);
            create table marks_0 partition of marks for values with (modulus 2, remainder 0);
            create table marks_1 partition of marks for values with (modulus 2, remainder 1);
            insert into events select i, i % 2, date '2024-12-01' + i from generate_series(1, 60) i;
            insert into marks select i, date '2024-12-01' + i, 'mark ' || i from generate_series(1, 60) i;
            """,
            ByColumn);

        var restored = await RestoreAsync(site, "1", 60);

        (await site.ScalarAsync<long>("select count(*) from events_old where id % 2 = 1", restored)).ShouldBe(15);
        (await site.ScalarAsync<long>("select count(*) from events_new where id % 2 = 1", restored)).ShouldBe(15);
        (await site.ScalarAsync<long>("select count(*) from marks where event % 2 = 1", restored)).ShouldBe(30);
        (await site.ScalarAsync<long>("select count(*) from pg_constraint where contype = 'f' and convalidated and conparentid = 0", restored)).ShouldBe(1);
    }

    [Fact]
    public async Task Names_ThatAreHostile_SurviveInTablesColumnsAndTenants()
    {
        const string Tenant = "O'Brien\\ \"\u65b0\"\t;--$1";
        using var site = await TenantSite.CreateAsync(
            fixture,
            """
            create schema "a.b""c";
            create table "a.b""c"."select; --" ("tenant; ""id" text, "group" text, primary key ("tenant; ""id", "group"));
            create table "a.b""c"."Fk's" ("t" text, "g" text, foreign key ("t", "g") references "a.b""c"."select; --");
            """ + $"""
            insert into "a.b""c"."select; --" values ({Literal(Tenant)}, E'x\ty\n\\.'), ('other', 'x');
            insert into "a.b""c"."Fk's" values ({Literal(Tenant)}, E'x\ty\n\\.'), ('other', 'x'), (null, 'x');
            """,
            ("Column", "tenant; \"id"));

        var restored = await RestoreAsync(site, Tenant, 2);

        (await site.ScalarAsync<string>("""select "tenant; ""id" from "a.b""c"."select; --" """, restored)).ShouldBe(Tenant);
        (await site.ScalarAsync<string>("""select g from "a.b""c"."Fk's" """, restored)).ShouldBe("x\ty\n\\.");
    }

    [Fact]
    public async Task Inheritance_EachTableHasItsOwnRows()
    {
        using var site = await TenantSite.CreateAsync(
            fixture,
            """
            create table parents (id int, tenant_id int); create table children (extra text) inherits (parents);
            insert into parents values (1, 1), (2, 2); insert into children values (3, 1, 'c'), (4, 2, 'd');
            """,
            ByColumn);

        var restored = await RestoreAsync(site, "1", 2);

        (await site.ScalarAsync<string>("select string_agg(id::text, ',' order by id) from parents", restored)).ShouldBe("1,3");
        (await site.ScalarAsync<int>("select id from children", restored)).ShouldBe(3);
    }

    [Theory]
    [InlineData("char(8)", "ab")]
    [InlineData("varchar(3)", "abc")]
    [InlineData("numeric(10,2)", "7")]
    [InlineData("uuid", "6F9619FF-8B86-D011-B42D-00C04FC964FF")]
    [InlineData("citext", "acme")]
    [InlineData("mood", "sad")]
    [InlineData("bigint", "-9223372036854775808")]
    public async Task TenantColumn_OfAnyType_IsComparedAsItsTypeDoes(string type, string tenant)
    {
        using var site = await TenantSite.CreateAsync(
            fixture,
            $"""
            create extension citext; create type mood as enum ('sad', 'glad');
            create table a (id int primary key, tenant_id {type}); create table b (a int references a);
            insert into a values (1, '{tenant}'), (2, null); insert into b values (1), (1), (2), (null);
            """,
            ByColumn);

        (await RestoreAsync(site, tenant, 3)).ShouldNotBeNull();
    }

    [Fact]
    public async Task TenantColumn_WithALength_IsNeverMatchedByWhatALongerNameIsCutTo()
    {
        using var site = await TenantSite.CreateAsync(fixture, "create table a (tenant_id varchar(3)); insert into a values ('abc');", ByColumn);

        await site.FailAsync("abcd");
    }

    [Fact]
    public async Task TenantColumn_WithoutCase_HasRowsOfEitherCase()
    {
        using var site = await TenantSite.CreateAsync(
            fixture, "create extension citext; create table a (tenant_id citext); insert into a values ('acme'), ('ACME'), ('other');", ByColumn);

        await RestoreAsync(site, "Acme", 2);
    }

    [Fact]
    public async Task SelfReferencesAndCircles_AreRestoredAsTheyWere()
    {
        using var site = await TenantSite.CreateAsync(
            fixture,
            """
            create table teams (id int primary key, tenant_id int, lead int);
            create table members (id int primary key, team int references teams, mentor int references members);
            alter table teams add constraint led foreign key (lead) references members;
            insert into teams values (1, 1, null), (2, 2, null);
            insert into members values (1, 1, null), (2, 1, 1), (3, 2, 3);
            update teams set lead = 2 where id = 1;
            """,
            ByColumn);

        var restored = await RestoreAsync(site, "1", 3);

        (await site.ScalarAsync<int>("select lead from teams", restored)).ShouldBe(2);
    }

    [Fact]
    public async Task SelfReference_ToAnotherTenantsRow_IsFound()
    {
        using var site = await TenantSite.CreateAsync(
            fixture,
            "create table a (id int primary key, tenant_id int, parent int references a); insert into a values (1, 1, null), (2, 2, 1);",
            ByColumn);

        (await site.FailAsync("2")).Error.ShouldContain("a_parent_fkey");
    }

    [Fact]
    public async Task Encoding_OtherThanUtf8_KeepsItsBytes()
    {
        var name = $"latin_{Guid.NewGuid():N}"[..20];
        await fixture.Server.ExecuteAsync($"create database {name} template template0 encoding 'LATIN1' locale 'C'");
        await fixture.Server.ExecuteAsync("create table a (tenant_id text, note text); insert into a values ('Zürich', 'Straße'), ('other', 'ÿ')", name);
        using var site = TenantSite.Of(fixture, name, ByColumn);

        var restored = await RestoreAsync(site, "Zürich", 1);

        (await site.ScalarAsync<string>("select note from a", restored)).ShouldBe("Straße");
    }

    private static async Task<string> RestoreAsync(TenantSite site, string tenant, long rows)
    {
        var backup = await site.BackUpAsync(tenant);
        backup.Status.ShouldBe(BackupStatus.Verified, backup.StatusReason);
        backup.Rows.ShouldBe(rows);
        return await site.RestoreAsync(backup.BackupId, $"{site.Database}_r");
    }

    private static string Literal(string value) => "E'" + value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal) + "'";
}

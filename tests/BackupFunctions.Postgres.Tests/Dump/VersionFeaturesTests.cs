using BackupFunctions.Postgres.Dump;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Postgres.Tests.Dump;

public sealed class VersionFeaturesTests
{
    /// <summary>Each by itself, with the major version that has it first.</summary>
    private static readonly (int Since, string Sql)[] Features =
    [
        (15, "create table nulls (a int); create unique index on nulls (a) nulls not distinct"),
        (15, "create view invoker with (security_invoker = true) as select 1 a"),
        (15, "create table published (a int); create publication p for table published where (a > 1)"),
        (16, "create collation ruled (provider = icu, locale = 'und', rules = '&V << w')"),
        (17, "create collation builtin_c (provider = builtin, locale = 'C.UTF-8')"),
        (17, "create table kept (a int); create role maintainer; grant select, maintain on kept to maintainer"),
        (17, "create table parts (a int) partition by range (a) using heap"),
        (17, "create function on_login() returns event_trigger language plpgsql as $$ begin end $$; create event trigger greet on login execute function on_login(); alter event trigger greet disable"),
        (17, "create view json as select * from json_table('[1]', '$[*]' columns (a int path '$')) j"),
        (18, "create table virtual (a int, b int generated always as (a + 1) virtual)"),
        (18, "create table lax (a int check (a > 0) not enforced)"),
        (18, "create extension btree_gist; create table booked (room int, during daterange, primary key (room, during without overlaps))"),
        (18, "create table late (a int); alter table late add constraint n not null a not valid"),
        (18, "create table origin (a int, b int generated always as (a) stored); create publication g for table origin with (publish_generated_columns = stored)"),
    ];

    [Fact]
    public async Task Features_OfANewServer_AreFoundEachWithItsVersion()
    {
        await using var server = await PostgresServer.StartAsync(18, "wal_level = logical");
        await using var plain = await server.OpenAsync();
        (await VersionFeatures.ReadAsync(plain, default)).ShouldBeEmpty();
        foreach (var (since, sql) in Features)
        {
            await server.ExecuteAsync("create database one");
            await server.ExecuteAsync(sql, "one");
            await using (var connection = await server.OpenAsync("one"))
            {
                (await VersionFeatures.ReadAsync(connection, default)).Select(static found => found.SinceMajor).ShouldBe([since], sql);
            }

            await server.ExecuteAsync("drop database one with (force)");
        }
    }

    [Fact]
    public async Task Features_OfAnOrdinarySchema_AreNone()
    {
        await using var server = await PostgresServer.StartAsync(17);
        await server.ExecuteAsync("create table t (id int primary key, a text not null); create table c (b int not null) inherits (t); grant all on t to public; create view v as select * from t");
        await using var connection = await server.OpenAsync();

        (await VersionFeatures.ReadAsync(connection, default)).ShouldBeEmpty();
    }
}

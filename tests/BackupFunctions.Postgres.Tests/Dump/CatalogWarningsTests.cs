using BackupFunctions.Postgres.Dump;
using Npgsql;

namespace BackupFunctions.Postgres.Tests.Dump;

[Collection(ServerCollection.Name)]
public sealed class CatalogWarningsTests(ServerFixture fixture)
{
    [Fact]
    public async Task Warnings_OfADatabaseWithNothingDoubtful_AreNone()
    {
        var name = await fixture.NewDatabaseAsync("create table t (a int primary key check (a > 0)); create table p (a int) partition by range (a); create index on only p (a)");

        (await ReadAsync(name)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Warnings_OfInvalidIndexes_SayWhatToRunAfterARestore()
    {
        var name = await fixture.NewDatabaseAsync("create schema \"S 1\"; create table \"S 1\".t (a int, b text); insert into \"S 1\".t values (1, 'x'), (1, 'y')");
        await Should.ThrowAsync<PostgresException>(() => fixture.Server.ExecuteAsync("create unique index concurrently \"I 1\" on \"S 1\".t (a) where b <> ''", name));

        (await ReadAsync(name)).Single().ShouldBe(
            "Invalid indexes are not in the dump: make them valid with REINDEX INDEX CONCURRENTLY, or after a restore run: "
            + "CREATE UNIQUE INDEX \"I 1\" ON \"S 1\".t USING btree (a) WHERE (b <> ''::text);");
        (await ReadAsync(name, "public")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Warnings_OfConstraintsThatWereNeverChecked_NameThemAndOnlySome()
    {
        var name = await fixture.NewDatabaseAsync(
            """
            create domain d as int; alter domain d add constraint positive check (value > 0) not valid;
            create table parent (a int); create table child () inherits (parent); alter table parent add constraint "c 1" check (a > 0) not valid;
            """
            + string.Concat(Enumerable.Range(1, 6).Select(i => $"alter table parent add constraint more{i} check (a > {i}) no inherit not valid;")));

        var said = (await ReadAsync(name)).Single();

        said.ShouldStartWith("Constraints that were never checked against all rows are restored as such: to check them run: ALTER DOMAIN public.d VALIDATE CONSTRAINT positive; ALTER TABLE public.parent VALIDATE CONSTRAINT \"c 1\";");
        said.ShouldEndWith("(and 3 more)");
    }

    [Fact]
    public async Task Warnings_OfSubscriptionsThatTheRoleCannotDump_NameThem()
    {
        var name = await fixture.NewDatabaseAsync("create subscription \"S 1\" connection 'host=nowhere.invalid' publication p with (connect = false, slot_name = none)");
        var role = fixture.NewName("reader");
        await fixture.Server.ExecuteAsync($"create role {role} login password 'x'");

        (await ReadAsync(name)).ShouldBeEmpty();
        await using var connection = new NpgsqlConnection(fixture.Server.ConnectionString(name, role, "x"));
        await connection.OpenAsync();
        (await CatalogWarnings.ReadAsync(connection, [], default)).Single().ShouldBe(
            "Subscriptions are not in the dump, because pg_dump writes them for superusers only: after a restore create them again: \"S 1\"");
    }

    private async Task<IReadOnlyList<string>> ReadAsync(string database, params string[] schemas)
    {
        await using var connection = await fixture.Server.OpenAsync(database);
        return await CatalogWarnings.ReadAsync(connection, schemas, default);
    }
}

using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Dump;
using BackupFunctions.Postgres.Tenants;
using Npgsql;

namespace BackupFunctions.Postgres.Tests.Tenants;

[Collection(ServerCollection.Name)]
public sealed class TableLocksTests(ServerFixture fixture)
{
    private const string Sql = "create table a (id int, tenant_id int); insert into a values (1, 1);";

    [Theory]
    [InlineData("truncate a; insert into a values (2, 1)", "public.a was truncated or rewritten")]
    [InlineData("alter table a alter id type bigint", "public.a was truncated or rewritten")]
    [InlineData("drop table a", "does not exist")]
    public async Task Take_TableChangedSinceTheSnapshot_IsRefused(string change, string cause)
    {
        var database = await fixture.NewDatabaseAsync(Sql);
        await using var snapshot = await Snapshot.TakeAsync(fixture.Connection, database, CancellationToken.None);
        var plan = await PlanAsync(snapshot.Connection, database);
        await fixture.Server.ExecuteAsync(change, database);

        var refused = await Should.ThrowAsync<PgdrException>(() => TableLocks.TakeAsync(snapshot.Connection, plan, database, CancellationToken.None));

        refused.Message.ShouldContain(cause);
    }

    [Fact]
    public async Task Take_NothingChanged_HoldsTruncateUpAndNoWriter()
    {
        var database = await fixture.NewDatabaseAsync(Sql);
        await using var snapshot = await Snapshot.TakeAsync(fixture.Connection, database, CancellationToken.None);
        var plan = await PlanAsync(snapshot.Connection, database);

        await TableLocks.TakeAsync(snapshot.Connection, plan, database, CancellationToken.None);

        await fixture.Server.ExecuteAsync("insert into a values (2, 2)", database);
        (await Should.ThrowAsync<PostgresException>(() => fixture.Server.ExecuteAsync("set lock_timeout = 1; truncate a", database))).SqlState.ShouldBe(PostgresErrorCodes.LockNotAvailable);
    }

    private static async Task<TenantPlan> PlanAsync(NpgsqlConnection connection, string database) => await TenantPlan.MakeAsync(
        connection, await RelationCatalog.ReadAsync(connection, CancellationToken.None), new TenantRules { Column = "tenant_id" }, database, CancellationToken.None);
}

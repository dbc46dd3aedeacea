using BackupFunctions.Contracts.Backups;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.TestSupport;
using Npgsql;

namespace BackupFunctions.Jobs.Tests.Restore;

[Collection(ServerCollection.Name)]
public sealed class RoundTripTests(ServerFixture fixture)
{
    private PostgresServer Server => fixture.Server;

    [Fact]
    public async Task SampleDatabase_BackedUpDroppedAndRecovered_IsIdenticalInEveryRespect()
    {
        const string Name = "invoicing";
        await SampleDatabase.LoadAsync(Server, Name);
        var before = await DatabaseImage.TakeAsync(Server, Name);
        using var site = fixture.NewSite(Name);
        var backup = await site.BackUpAsync(Name);
        await Server.ExecuteAsync($"drop database {Name}");

        var (selected, restored, swapped) = await site.RecoverAsync(Name);

        selected.Status.ShouldBe(BackupStatus.Verified);
        restored.Rows.ShouldBe(backup.Rows);
        restored.Tables.ShouldBe(backup.Tables);
        swapped.KeptDatabase.ShouldBeNull();
        var after = await DatabaseImage.TakeAsync(Server, Name);
        after.Properties.ShouldBe(before.Properties);
        after.Dump.ShouldBe(before.Dump);
        await ShouldConnectAsync(Server, Name, "invoicing_reporting");
        await ShouldNotConnectAsync(Server, Name, "invoicing_former");
        (await site.SelectAsync(Name)).Status.ShouldBe(BackupStatus.Proven);
    }

    [Fact]
    public async Task LiveDatabase_Restored_IsReplacedAndKeptAside()
    {
        var name = await fixture.NewDatabaseAsync("create table t (a int); insert into t values (1), (2)");
        using var site = fixture.NewSite(name);
        await site.BackUpAsync(name);
        await Server.ExecuteAsync("insert into t values (3)", name);
        await Server.ExecuteAsync($"alter database {name} connection limit 7");

        var (_, _, swapped) = await site.RecoverAsync(name);

        swapped.KeptDatabase.ShouldBe($"pgdr_kept_{site.RestoreId}");
        (await Server.ScalarAsync<long>("select count(*) from t", name)).ShouldBe(2);
        // What was changed at the live database since the backup holds.
        (await Server.ScalarAsync<int>($"select datconnlimit from pg_database where datname = '{name}'")).ShouldBe(7);
        var kept = ServerFixture.Quote(swapped.KeptDatabase!);
        await Server.ExecuteAsync($"alter database {kept} allow_connections true");
        (await Server.ScalarAsync<long>("select count(*) from t", swapped.KeptDatabase!)).ShouldBe(3);
    }

    [Fact]
    public async Task SampleDatabase_RecoveredOntoAFreshServer_ComesWithItsRoles()
    {
        const string Name = "invoicing_moved";
        await SampleDatabase.LoadAsync(Server, Name);
        await using var fresh = await PostgresServer.StartAsync();
        using var site = fixture.NewSite(Name);
        site.Site.AddServer("fresh", fresh);
        await site.BackUpAsync(Name);

        await site.RecoverAsync(Name, "fresh");

        (await DatabaseImage.TakeAsync(fresh, Name)).ShouldBe(await DatabaseImage.TakeAsync(Server, Name));
        site.Reporter.Warnings.ShouldContain(warning =>
            warning.StartsWith("Roles that were missing", StringComparison.Ordinal) && warning.Contains("invoicing_owner", StringComparison.Ordinal));
        await ShouldConnectAsync(fresh, Name, "invoicing_reporting");
        await ShouldNotConnectAsync(fresh, Name, "invoicing_former");
    }

    [Theory]
    [InlineData("with two  spaces ")]
    [InlineData("quo\"te'd \\back")]
    [InlineData("host=evil dbname=postgres")]
    [InlineData("postgresql://evil/postgres")]
    [InlineData("Überblick 日本 %s;--")]
    // 63 bytes, the longest that PostgreSQL knows.
    [InlineData("éééééééééééééééééééééééééééééé63b")]
    public async Task OddName_SurvivesEveryStep(string name)
    {
        await fixture.NewDatabaseAsync("create table t (a int); insert into t values (1), (2)", name);
        using var site = fixture.NewSite(name);
        var backup = await site.BackUpAsync(name);
        backup.Database.ShouldBe(name);
        var before = await DatabaseImage.TakeAsync(Server, name);

        var beside = await site.RecoverAsync(name);

        beside.Swapped.KeptDatabase.ShouldNotBeNull();
        (await DatabaseImage.TakeAsync(Server, name)).ShouldBe(before);
        (await Server.ScalarAsync<long>("select count(*) from t", name)).ShouldBe(2);
    }

    private static async Task ShouldConnectAsync(PostgresServer server, string database, string role)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString(database, role, SampleDatabase.ReportingPassword));
        await connection.OpenAsync();
    }

    private static async Task ShouldNotConnectAsync(PostgresServer server, string database, string role)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString(database, role, SampleDatabase.ReportingPassword));
        var refused = await Should.ThrowAsync<PostgresException>(() => connection.OpenAsync());
        refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }
}

using BackupFunctions.Postgres.Dump;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Setup;
using BackupFunctions.Postgres.Tests.Dump;
using BackupFunctions.Postgres.Tools;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Postgres.Tests.Setup;

public sealed class BackupRoleScriptTests : IDisposable
{
    private const string Role = "the \"backup\" role\\";
    private const string Database = "it's \\ host=x\ndbname=\"y\"";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(15)]
    [InlineData(17)]
    public async Task Script_RunTwiceByPsql_MakesARoleThatBacksUpAndWritesNothing(int major)
    {
        await using var server = await PostgresServer.StartAsync(major);
        var quoted = ServerFixture.Quote(Database);
        await server.ExecuteAsync($"create database {quoted}; revoke connect on database {quoted} from public; revoke connect on database postgres from public");
        await server.ExecuteAsync(
            """
            create schema s; create table s.t (tenant text, v int); insert into s.t values ('a', 1), ('b', 2); create sequence s.q;
            alter table s.t enable row level security; alter table s.t force row level security; create policy p on s.t using (false);
            select lo_from_bytea(4711, 'x')
            """,
            Database);
        var script = BackupRoleScript.Create(Role, [Database], replication: true);
        script.ShouldContain("\\password ");

        var superuser = await Should.ThrowAsync<InvalidOperationException>(() => RunAsync(server, BackupRoleScript.Create("postgres", [], replication: false)));
        superuser.Message.ShouldContain("this role is a superuser");
        await RunAsync(server, script);
        await RunAsync(server, script);
        await server.ExecuteAsync($"alter role {ServerFixture.Quote(Role)} password 'chosen-by-a-person'");

        var connection = new ServerConnection { Name = "main", Host = "127.0.0.1", Port = server.Port, Username = Role, Password = "chosen-by-a-person" };
        var tools = await PgTools.FindAsync(major, server.Binaries, default);
        var dump = await DatabaseDump.RunAsync(
            new DumpRequest { ServerConnection = connection, Database = Database, PgTools = tools, Jobs = 2, WorkFolder = _folder["work"] }, static _ => new NullSink(), null, default);
        dump.Tables.Single().Rows.ShouldBe(2);
        dump.LargeObjects.Count.ShouldBe(1);
        dump.ServerIdentity.SystemIdentifier.ShouldNotBeNull();
        await GlobalsDump.RunAsync(tools, connection, new NullSink(), default);
        await CommandLine.RunAsync(
            "env", "PGPASSWORD=chosen-by-a-person", tools.PgBaseBackup, "-h", "127.0.0.1", "-p", $"{server.Port}", "-U", Role, "-D", _folder["base"], "--checkpoint=fast", "-X", "none");
        (await server.ScalarAsync<long>($"select count(*) from pg_roles where rolname = {Sql.Literal(Role)} and (rolsuper or rolcreaterole or rolcreatedb)")).ShouldBe(0);
        await using var writer = await connection.OpenAsync(Database, default);
        await Should.ThrowAsync<Npgsql.PostgresException>(() => writer.ExecuteAsync("insert into s.t values ('c', 3)", default));
    }

    [Fact]
    public void Script_WithoutReplication_DoesNotAskForIt()
    {
        var script = BackupRoleScript.Create("backup", ["app"], replication: false);

        script.ShouldContain("NOREPLICATION");
        script.ShouldNotContain("hostssl  replication");
        script.ShouldContain("hostssl  \"app\",\"postgres\"  \"backup\"");
    }

    /// <summary>As a person would, but for the password, which psql asks a terminal for.</summary>
    private async Task RunAsync(PostgresServer server, string script)
    {
        var lines = script.Split('\n').Where(static line => !line.StartsWith("\\password", StringComparison.Ordinal));
        await File.WriteAllLinesAsync(_folder["setup.sql"], lines);
        await CommandLine.RunAsync(
            "env", $"PGPASSWORD={PostgresServer.SuperuserPassword}", Path.Combine(server.Binaries, "psql"), "-X", "-q", "-h", "127.0.0.1",
            "-p", $"{server.Port}", "-U", "postgres", "-d", "postgres", "-f", _folder["setup.sql"]);
    }
}

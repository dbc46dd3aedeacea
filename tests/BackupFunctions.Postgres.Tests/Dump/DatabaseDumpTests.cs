using System.Globalization;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Dump;
using BackupFunctions.Postgres.Restore;
using BackupFunctions.Postgres.Swap;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Postgres.Tests.Dump;

[Collection(ServerCollection.Name)]
public sealed class DatabaseDumpTests(ServerFixture fixture) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Dump_OfADatabase_CompletesEverySinkAndLeavesNoFile()
    {
        var name = await fixture.NewDatabaseAsync(SampleDatabase.Sql);
        var sinks = new FolderSink(Directory.CreateDirectory(_folder["archive"]).FullName);
        var progress = new Reports<DumpProgress>();

        var outcome = await DatabaseDump.RunAsync(fixture.Request(name, _folder["work"]), sinks.Open, progress, default);

        var files = Directory.GetFiles(_folder["archive"]);
        sinks.Completed.Count.ShouldBe(files.Length);
        outcome.TotalBytes.ShouldBe(files.Sum(static file => new FileInfo(file).Length));
        progress.All[^1].ShouldBe(new DumpProgress(outcome.TotalBytes, files.Length));
        Directory.EnumerateFileSystemEntries(_folder["work"]).ShouldBeEmpty();
        outcome.ToolVersions["pg_dump"].ShouldStartWith("15.");
        outcome.Warnings.ShouldBe(fixture.Tools.SecurityWarnings);
        outcome.ServerIdentity.VersionNumber.ShouldBeGreaterThan(150000);
        outcome.Roles.ShouldContain(static role => role.Name == "postgres" && role.PasswordHash != null);
    }

    [Theory]
    [InlineData("host=evil dbname=x")]
    [InlineData("dbname=postgres host=evil")]
    [InlineData("postgresql://evil/x")]
    [InlineData("a\"; drop database postgres; --")]
    [InlineData("a'b\\")]
    [InlineData("a\nb")]
    [InlineData("-h")]
    [InlineData("Größe 数据")]
    [InlineData("template1 ")]
    [InlineData("123456789012345678901234567890123456789012345678901234567890123")]
    public async Task Dump_OfAHostileName_TakesThatDatabaseRestoresAndSwapsIt(string name)
    {
        await fixture.NewDatabaseAsync("create table here (a int); insert into here values (1), (2)", name);
        var id = fixture.NewName("hostile");

        var dump = await fixture.DumpAsync(name, _folder);
        var scratch = await ScratchDatabase.CreateAsync(fixture.Connection, id, dump.DatabaseProperties, default);
        await DatabaseRestore.RunAsync(fixture.Tools, fixture.Connection, _folder["archive"], scratch.Name, 2, null, default);
        await DatabaseSwap.RunAsync(fixture.Connection, id, scratch.Name, scratch.Oid, name, dump.DatabaseProperties, default);

        dump.DatabaseProperties.Name.ShouldBe(name);
        dump.Tables.Single().Rows.ShouldBe(2);
        (await fixture.Server.ScalarAsync<long>("select count(*) from here", name)).ShouldBe(2);
        (await fixture.Server.ScalarAsync<long>("select oid::bigint from pg_database where datname = current_database()", name)).ShouldBe(scratch.Oid);
    }

    [Fact]
    public async Task Dump_WhileRowsChange_CountsTheSnapshot()
    {
        var name = await fixture.NewDatabaseAsync(Fill("t", 20000));
        var first = true;

        var outcome = await DatabaseDump.RunAsync(
            fixture.Request(name, _folder["work"]),
            _ =>
            {
                if (Interlocked.Exchange(ref first, false))
                {
                    fixture.Server.ExecuteAsync("insert into t select i, 'late' from generate_series(1, 100) i", name).GetAwaiter().GetResult();
                }

                return new NullSink();
            },
            null,
            default);

        outcome.Tables.Single().Rows.ShouldBe(20000);
    }

    [Fact]
    public async Task Dump_OfExtensionConfiguration_CountsTheFilteredRows()
    {
        var name = await fixture.NewDatabaseAsync(
            """
            create extension unaccent; create table settings (k int, v text); insert into settings values (1, 'own'), (200, 'user'), (300, 'user');
            alter extension unaccent add table settings;
            update pg_extension set extconfig = array['settings'::regclass::oid], extcondition = array['WHERE k >= 200'] where extname = 'unaccent'
            """);

        var table = (await fixture.DumpAsync(name, _folder)).Tables.Single();

        table.Filter.ShouldBe("WHERE k >= 200");
        table.Rows.ShouldBe(2);
        await DatabaseComparison.CompareAsync(fixture.Connection, name, [table], new LargeObjectDigest(0, 0, new string('0', 32)), [], 1, null, default);
    }

    [Fact]
    public async Task Dump_ByARoleThatRowSecurityWouldLimit_NamesTheRemedy()
    {
        var (name, role) = await RestrictedAsync(
            "create table t (a int); alter table t enable row level security; grant select on t to {0}");

        var failure = await RefusedAsync(name, role);

        failure.Message.ShouldContain($"ALTER ROLE \"{role}\" BYPASSRLS;");
        failure.Message.ShouldContain("public.t");
    }

    [Fact]
    public async Task Dump_ByARoleWithoutSelect_NamesEveryGrant()
    {
        var (name, role) = await RestrictedAsync(
            "create schema s; create table s.\"T t\" (a int); create table ok (a int); grant select on ok to {0}; create sequence q");

        var failure = await RefusedAsync(name, role);

        failure.Message.ShouldContain($"GRANT USAGE ON SCHEMA s TO {role};");
        failure.Message.ShouldContain($"GRANT SELECT ON TABLE s.\"T t\" TO {role};");
        failure.Message.ShouldContain($"GRANT SELECT ON SEQUENCE public.q TO {role};");
        failure.Message.ShouldNotContain("public.ok");
    }

    [Fact]
    public async Task Dump_ByARoleThatLacksBoth_TellsRowSecurityFromGrants()
    {
        var (name, role) = await RestrictedAsync(
            "create table t (a int); alter table t enable row level security; grant select on t to {0}; create table secret (a int)");

        var failure = await RefusedAsync(name, role);

        failure.Message.ShouldContain($"hide rows of public.t from role \"{role}\"; run: ALTER ROLE \"{role}\" BYPASSRLS; And role");
        failure.Message.ShouldContain($"GRANT SELECT ON TABLE public.secret TO {role};");
        failure.Message.ShouldNotContain("public.t TO");
    }

    [Fact]
    public async Task Dump_OfManyHiddenTables_NamesTheFirstAndCountsTheRest()
    {
        var (name, role) = await RestrictedAsync(string.Concat(Enumerable.Range(1, 8).Select(static i =>
            $"create table t{i} (a int); alter table t{i} enable row level security; grant select on t{i} to {{0}};")));

        var failure = await RefusedAsync(name, role);

        failure.Message.ShouldContain("public.t1, public.t2, public.t3, public.t4, public.t5 (and 3 more");
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("alter table t force row level security;", false)]
    public async Task Dump_ByTheOwnerOfAProtectedTable_IsRefusedOnlyWhenItIsForced(string force, bool works)
    {
        var (name, role) = await RestrictedAsync(
            "create table t (a int); insert into t values (1), (2); alter table t enable row level security; alter table t owner to {0};" + force);

        if (works)
        {
            var request = fixture.Request(name, _folder["work"]) with { ServerConnection = fixture.ConnectionAs(role, "x") };
            (await DatabaseDump.RunAsync(request, static _ => new NullSink(), null, default)).Tables.Single().Rows.ShouldBe(2);
        }
        else
        {
            (await RefusedAsync(name, role)).Message.ShouldContain("BYPASSRLS");
        }
    }

    [Fact]
    public async Task Dump_ByARoleThatBypassesRowSecurity_HasEveryRow()
    {
        var (name, role) = await RestrictedAsync(
            "create table t (a int); insert into t values (1), (2); alter table t enable row level security; alter table t force row level security; grant select on t to {0}");
        await fixture.Server.ExecuteAsync($"alter role {role} bypassrls");
        var request = fixture.Request(name, _folder["work"]) with { ServerConnection = fixture.ConnectionAs(role, "x") };

        (await DatabaseDump.RunAsync(request, static _ => new NullSink(), null, default)).Tables.Single().Rows.ShouldBe(2);
    }

    [Fact]
    public async Task Dump_OfLargeObjectsOfOthers_NamesTheirGrants()
    {
        var (name, role) = await RestrictedAsync(
            "select lo_from_bytea(4711, 'x'), lo_from_bytea(4712, 'y'), lo_from_bytea(4713, 'z'); grant select on large object 4712 to {0}; grant select on large object 4713 to public");

        var failure = await RefusedAsync(name, role);

        failure.Message.ShouldContain($"GRANT SELECT ON LARGE OBJECT 4711 TO {role};");
        failure.Message.ShouldNotContain("4712");
        failure.Message.ShouldNotContain("4713");
    }

    [Fact]
    public async Task Dump_ByARoleThatMayReadEverything_WorksWithoutHashes()
    {
        var (name, role) = await RestrictedAsync("create table t (a int); insert into t values (1); grant select on t to {0}");
        var request = fixture.Request(name, _folder["work"]) with { ServerConnection = fixture.ConnectionAs(role, "x") };

        var outcome = await DatabaseDump.RunAsync(request, static _ => new NullSink(), null, default);

        outcome.Tables.Single().Rows.ShouldBe(1);
        outcome.Roles.ShouldAllBe(static each => each.PasswordHash == null);
        outcome.Warnings.ShouldContain(static warning => warning.Contains("pg_authid", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Dump_OfAnUnknownDatabase_SaysSo() =>
        (await Should.ThrowAsync<PgdrException>(() => DatabaseDump.RunAsync(
            fixture.Request("absent", _folder["work"]), static _ => new NullSink(), null, default))).Code.ShouldBe(ErrorCodes.DatabaseUnknown);

    [Fact]
    public async Task Dump_WhoseSinkFails_StopsThrowsThatAndSweeps()
    {
        var name = await fixture.NewDatabaseAsync(Fill("t", 50000));

        var failure = await Should.ThrowAsync<InvalidDataException>(() => DatabaseDump.RunAsync(
            fixture.Request(name, _folder["work"]), static _ => new FailingSink(), null, default));

        failure.Message.ShouldBe("target gone");
        Directory.EnumerateFileSystemEntries(_folder["work"]).ShouldBeEmpty();
        ToolProcesses.Using(_folder["work"]).ShouldBeEmpty();
    }

    [Fact]
    public async Task Dump_Cancelled_EndsPgDumpAndSweeps()
    {
        var name = await fixture.NewDatabaseAsync(Fill("t", 300000) + Fill("u", 300000));
        using var stop = new CancellationTokenSource();
        var dump = DatabaseDump.RunAsync(fixture.Request(name, _folder["work"]), static _ => new NullSink(), null, stop.Token);
        while (!dump.IsCompleted && ToolProcesses.Using(_folder["work"]).Count == 0)
        {
        }

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => dump);
        ToolProcesses.Using(_folder["work"]).ShouldBeEmpty();
        Directory.EnumerateFileSystemEntries(_folder["work"]).ShouldBeEmpty();
    }

    [Fact]
    public async Task Dump_AfterAKilledOne_RemovesItsFilesAndTools()
    {
        var name = await fixture.NewDatabaseAsync(Fill("t", 10));
        Directory.CreateDirectory(_folder["work"] + "/pgdr-dump-dead/archive");
        await File.WriteAllTextAsync(_folder["work"] + "/pgdr-dump-dead.lock", "");
        using var orphan = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("sh", ["-c", "read line", DumpFolder.FileArgument(_folder["work"] + "/pgdr-dump-dead")]) { RedirectStandardInput = true })!;

        await fixture.DumpAsync(name, _folder);

        Directory.EnumerateFileSystemEntries(_folder["work"]).ShouldBeEmpty();
        orphan.HasExited.ShouldBeTrue();
    }

    [Fact]
    public async Task Dump_WhileItRuns_ShowsThePasswordToNobody()
    {
        var name = await fixture.NewDatabaseAsync(Fill("t", 200000));
        var dump = DatabaseDump.RunAsync(fixture.Request(name, _folder["work"]), static _ => new NullSink(), null, default);
        var looked = 0;
        while (!dump.IsCompleted)
        {
            looked += ToolProcesses.AssertNoneShows(PostgresServer.SuperuserPassword, _folder["work"]);
        }

        await dump;
        looked.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Dump_OfThousandsOfLargeObjects_SeesEveryOne()
    {
        var name = await fixture.NewDatabaseAsync(
            "do $$ begin for i in 1..3000 loop perform lo_from_bytea(200000 + i, convert_to(i::text, 'UTF8')); end loop; end $$");

        var dump = await fixture.DumpAsync(name, _folder);

        dump.LargeObjects.Count.ShouldBe(3000);
        await DatabaseComparison.CompareAsync(fixture.Connection, name, dump.Tables, dump.LargeObjects, dump.Sequences, 2, null, default);
    }

    private static string Fill(string table, int rows) => string.Create(
        CultureInfo.InvariantCulture, $"create table {table} as select i, repeat(md5(i::text), 8) v from generate_series(1, {rows}) i;");

    private async Task<(string Database, string Role)> RestrictedAsync(string sql)
    {
        var role = fixture.NewName("reader");
        await fixture.Server.ExecuteAsync($"create role {role} login password 'x'");
        return (await fixture.NewDatabaseAsync(sql.Replace("{0}", role, StringComparison.Ordinal)), role);
    }

    private async Task<PgdrException> RefusedAsync(string database, string role)
    {
        var request = fixture.Request(database, _folder["work"]) with { ServerConnection = fixture.ConnectionAs(role, "x") };
        var failure = await Should.ThrowAsync<PgdrException>(() => DatabaseDump.RunAsync(request, static _ => new NullSink(), null, default));
        failure.Code.ShouldBe(ErrorCodes.PermissionMissing);
        return failure;
    }
}

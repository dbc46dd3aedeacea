using System.Globalization;
using System.Text.Json.Nodes;
using BackupFunctions.Cli.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class MergeCommandsTests(CliFixture fixture)
{
    [Fact]
    public async Task Merge_PlanThenApply_BringsRowsBackAfterABackupOfTheDatabase()
    {
        var (site, database) = await SiteAsync();
        using var disposed = site;
        (await Pgdr.RunAsync(site, "backup", "run", database)).ShouldSucceed();
        await fixture.Server.ExecuteAsync("delete from notes where n = 1; update notes set said = 'live' where n = 2; insert into notes values ('a', 9, 'canary-new')", database);
        var file = Path.Combine(site.Folder, "plan.json");

        var plan = (await Pgdr.RunAsync(site, "merge", "plan", database, "--table", "public.notes", "--output", file)).ShouldSucceed();

        plan.Output.ShouldMatch(@" 1 +0 +1 +1 +1  public\.notes");
        plan.Output.ShouldNotContain("canary");
        JsonNode.Parse(await File.ReadAllTextAsync(file))!["merges"]![0]!["tables"]![0]!["only_live"]!.GetValue<long>().ShouldBe(1);
        (await NotesAsync(database)).ShouldBe("a2live,b3canary,a9canary-new");
        (await Pgdr.RunAsync(site, "merge", "apply", database, "--table", "public.notes")).ShouldFail(2).ShouldContain("--confirm");
        var applied = (await Pgdr.RunAsync(site, "merge", "apply", database, "--table", "public.notes", "--policy", "overwrite", "--confirm", database, "--json")).ShouldSucceed();

        (await NotesAsync(database)).ShouldBe("a1canary,a2canary,b3canary,a9canary-new");
        applied.Json["merges"]![0]!["applied"]!.GetValue<bool>().ShouldBeTrue();
        (await Pgdr.RunAsync(site, "backup", "list", "--database", database)).ShouldSucceed().Output.ShouldContain(applied.Json["undo_backup_id"]!.GetValue<string>());
        await NothingIsLeftAsync(site, database);
    }

    [Fact]
    public async Task Merge_ATenantFromItsBackup_LeavesTheOthersAndTakesNoOtherTenant()
    {
        var (site, database) = await SiteAsync();
        using var disposed = site;
        var run = (await Pgdr.RunAsync(site, "backup", "run", database, "--tenant", "a", "--json")).ShouldSucceed();
        var id = run.Json["backups"]![0]!["backup_id"]!.GetValue<string>();
        await fixture.Server.ExecuteAsync("delete from notes", database);

        (await Pgdr.RunAsync(site, "merge", "plan", database, "--backup", id)).ShouldFail(2).ShouldContain("of tenant 'a' alone");
        (await Pgdr.RunAsync(site, "merge", "plan", database, "--backup", id, "--tenant", "b")).ShouldFail(2).ShouldContain("of tenant 'a' alone");
        (await Pgdr.RunAsync(site, "merge", "apply", database, "--backup", id, "--tenant", "a", "--confirm", database, "--no-undo")).ShouldSucceed().Output.ShouldContain("written");

        (await NotesAsync(database)).ShouldBe("a1canary,a2canary");
        await NothingIsLeftAsync(site, database);
    }

    [Fact]
    public async Task Merge_OneTenantOfSeveralIsRefused_TheOthersAreWritten()
    {
        var (site, database) = await SiteAsync();
        using var disposed = site;
        (await Pgdr.RunAsync(site, "backup", "run", database)).ShouldSucceed();
        await fixture.Server.ExecuteAsync("delete from notes where t = 'a'; update notes set t = 'c' where t = 'b'", database);

        var run = await Pgdr.RunAsync(site, "merge", "apply", database, "--tenant", "b", "--tenant", "a", "--confirm", database, "--no-undo");

        run.ExitCode.ShouldBe(ExitCodes.Failed, run.Error);
        run.Output.ShouldContain("FAILED: tenant b:");
        run.Output.ShouldContain("written");
        (await NotesAsync(database)).ShouldBe("a1canary,a2canary,c3canary");
        await NothingIsLeftAsync(site, database);
    }

    [Fact]
    public async Task Merge_ThatIsRefused_ExitsWith1AndLeavesNothing()
    {
        var (site, database) = await SiteAsync();
        using var disposed = site;
        (await Pgdr.RunAsync(site, "backup", "run", database)).ShouldSucceed();
        await fixture.Server.ExecuteAsync("alter table notes alter said type varchar(90)", database);

        (await Pgdr.RunAsync(site, "merge", "apply", database, "--confirm", database)).ShouldFail(1).ShouldContain("public.notes");

        (await Pgdr.RunAsync(site, "backup", "list", "--database", database)).ShouldSucceed().Output.Split('\n').Count(line => line.Contains("VERIFIED", StringComparison.Ordinal) || line.Contains("PROVEN", StringComparison.Ordinal)).ShouldBe(1);
        await NothingIsLeftAsync(site, database);
    }

    [Theory]
    [InlineData("exit 1", "pg_dump")]
    [InlineData("for t in TARGETS; do mv $t/test/statements $t/kept; : > $t/test/statements; done", "is not verified, nothing was written")]
    public async Task Merge_BackupBeforehandIsNotGood_WritesNothing(string before, string said)
    {
        var (site, database) = await SiteAsync();
        using var disposed = site;
        (await Pgdr.RunAsync(site, "backup", "run", database)).ShouldSucceed();
        await fixture.Server.ExecuteAsync("delete from notes", database);
        var targets = BackupSite.TargetNames.Select(site.TargetFolder).ToList();
        site.Settings["POSTGRES_BIN"] = ToolsThatFirst(site, before.Replace("TARGETS", string.Join(' ', targets), StringComparison.Ordinal));

        var run = await Pgdr.RunAsync(site, "merge", "apply", database, "--table", "public.notes", "--confirm", database);

        run.ExitCode.ShouldBe(ExitCodes.Failed, run.Error);
        run.Error.ShouldContain(said);
        (await fixture.Server.ScalarAsync<long>("select count(*) from notes", database)).ShouldBe(0);
        await NothingIsLeftAsync(site, database);
        foreach (var target in targets.Where(static target => Directory.Exists(Path.Combine(target, "kept"))))
        {
            File.Delete(Path.Combine(target, "test", "statements"));
            Directory.Move(Path.Combine(target, "kept"), Path.Combine(target, "test", "statements"));
        }

        (await Pgdr.RunAsync(site, "merge", "apply", database, "--table", "public.notes", "--confirm", database, "--no-undo")).ShouldSucceed();
        (await NotesAsync(database)).ShouldBe("a1canary,a2canary,b3canary");
    }

    [Fact]
    public async Task Merge_SessionEndedWhileItWrites_WritesNothingAndLeavesNothing()
    {
        var (site, database) = await SiteAsync();
        using var disposed = site;
        (await Pgdr.RunAsync(site, "backup", "run", database)).ShouldSucceed();
        await fixture.Server.ExecuteAsync("delete from notes", database);
        await using var writer = await fixture.Server.OpenAsync(database);
        await using var transaction = await writer.BeginTransactionAsync();
        await using var insert = new Npgsql.NpgsqlCommand("insert into notes values ('z', 26, 'live')", writer, transaction);
        await insert.ExecuteNonQueryAsync();
        var merge = Pgdr.RunAsync(site, "merge", "apply", database, "--table", "public.notes", "--confirm", database, "--no-undo");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        const string Waiting = "select count(*) from (select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'relation' and datname = '{0}') ended";
        while (await fixture.Server.ScalarAsync<long>(Waiting.Replace("{0}", database, StringComparison.Ordinal)) == 0 && !merge.IsCompleted)
        {
            await Task.Delay(20, limit.Token);
        }

        (await merge).ShouldFail(1).ShouldContain("nothing was written");

        await transaction.CommitAsync();
        (await NotesAsync(database)).ShouldBe("z26live");
        await NothingIsLeftAsync(site, database);
    }

    [Fact]
    public async Task Merge_TenantWithASchema_ByItsTables_LeavesTheOthers()
    {
        var (site, database) = await fixture.NewSiteAsync();
        using var disposed = site;
        await fixture.Server.ExecuteAsync(
            """
            create schema tenant_a; create schema tenant_b;
            create table tenant_a.notes (n int primary key, article int, said text); create table tenant_b.notes (like tenant_a.notes including all);
            insert into tenant_a.notes values (1, 1, 'canary'); insert into tenant_b.notes values (1, 1, 'canary');
            """,
            database);
        site.Settings["Databases__0__Tenants__Mode"] = "schema";
        site.Settings["Databases__0__Tenants__Pattern"] = "tenant_*";
        site.Settings["Databases__0__Tenants__Shared"] = "public";
        var run = (await Pgdr.RunAsync(site, "backup", "run", database, "--tenant", "tenant_a", "--json")).ShouldSucceed();
        var id = run.Json["backups"]![0]!["backup_id"]!.GetValue<string>();
        (await Pgdr.RunAsync(site, "backup", "run", database)).ShouldSucceed();
        await fixture.Server.ExecuteAsync("delete from tenant_a.notes; delete from tenant_b.notes; delete from articles where i <= 3", database);

        (await Pgdr.RunAsync(site, "merge", "plan", database, "--tenant", "tenant_a")).ShouldFail(2).ShouldContain("as schema.*");
        (await Pgdr.RunAsync(site, "merge", "apply", database, "--backup", id, "--table", "tenant_a.*", "--confirm", database, "--no-undo")).ShouldSucceed();
        (await SaidAsync(database)).ShouldBe("1,0,297");
        (await Pgdr.RunAsync(site, "merge", "plan", database, "--backup", id, "--table", "tenant_b.*")).ShouldFail(1).ShouldContain("no table 'tenant_b.*' is in the backup");
        (await Pgdr.RunAsync(site, "merge", "apply", database, "--table", "tenant_b.*", "--confirm", database, "--no-undo")).ShouldSucceed();

        (await SaidAsync(database)).ShouldBe("1,1,297");
        await NothingIsLeftAsync(site, database);
    }

    /// <summary>Beyond the dumps: the tenant as it was at a moment of the log, and everybody else as they are now.</summary>
    [Fact]
    public async Task Merge_ATenantToAPointInTime_BringsItsRowsBackAndKeepsWhatOthersWroteSince()
    {
        var (site, database) = await SiteAsync();
        using var disposed = site;
        site.Settings["WAL_SLOT_UNLIMITED"] = "true";
        // As root the recovered server runs as another account.
        File.SetUnixFileMode(site.Folder, File.GetUnixFileMode(site.Folder) | UnixFileMode.OtherExecute);
        await fixture.Server.ExecuteAsync(
            "create table lines (id int primary key, note int not null references notes, said text); insert into lines values (1, 1, 'of the base'), (3, 3, 'of the base')", database);
        (await Pgdr.RunAsync(site, "wal", "receive", "main")).ShouldSucceed();
        (await Pgdr.RunAsync(site, "backup", "run", "main", "--kind", "base")).ShouldSucceed();
        await fixture.Server.ExecuteAsync(
            "insert into notes values ('a', 4, 'of the log'), ('b', 5, 'of the log'); insert into lines values (4, 4, 'of the log'); update notes set said = 'at T' where n = 2", database);
        var at = new DateTimeOffset(await fixture.Server.ScalarAsync<DateTime>("select clock_timestamp()"));
        await fixture.Server.ExecuteAsync(
            """
            delete from lines where note in (1, 4); delete from notes where n in (1, 4); update notes set said = 'an accident' where n = 2;
            insert into notes values ('a', 6, 'after T'), ('b', 7, 'after T'); update notes set said = 'after T' where n = 3; delete from notes where n = 5; update lines set said = 'after T' where id = 3;
            """,
            database);
        (await Pgdr.RunAsync(site, "wal", "receive", "main")).ShouldSucceed();
        string[] merge = ["merge", "apply", database, "--tenant", "a", "--time", at.ToString("O", CultureInfo.InvariantCulture), "--policy", "overwrite", "--confirm", database, "--no-undo", "--json"];

        var first = (await Pgdr.RunAsync(site, merge)).ShouldSucceed();
        var rows = await NotesAsync(database);
        var second = (await Pgdr.RunAsync(site, merge)).ShouldSucceed();

        rows.ShouldBe("a1canary,a2at T,b3after T,a4of the log,a6after T,b7after T");
        (await fixture.Server.ScalarAsync<string>("select string_agg(id || said, ',' order by id) from lines", database)).ShouldBe("1of the base,3after T,4of the log");
        first.Json["merges"]![0]!["tables"]!.ToJsonString().ShouldBe(
            """[{"table":"public.lines","add":2,"change":0,"conflicting":0,"only_live":0,"same":0},{"table":"public.notes","add":2,"change":1,"conflicting":0,"only_live":1,"same":0}]""");
        first.Json["point"]!["at"]!.GetValue<DateTimeOffset>().ShouldBe(at);
        first.Json["snapshot_at"]!.GetValue<DateTimeOffset>().ShouldBe(at);
        (await NotesAsync(database)).ShouldBe(rows);
        second.Json["merges"]![0]!["tables"]!.AsArray().ShouldAllBe(table => table!["add"]!.GetValue<long>() == 0 && table["change"]!.GetValue<long>() == 0);
        await NothingIsLeftAsync(site, database);
        await fixture.Server.DropSlotAsync("pgdr");
    }

    [Theory]
    [InlineData("never")]
    [InlineData("newest:")]
    public async Task Merge_PolicyThatIsNone_IsRefused(string policy) =>
        (await Pgdr.RunAsync(fixture.Site, "merge", "plan", CliFixture.Database, "--policy", policy)).ShouldFail(2).ShouldContain("is no policy");

    private async Task NothingIsLeftAsync(BackupSite site, string database)
    {
        Directory.EnumerateFileSystemEntries(Path.Combine(site.WorkFolder, "restores")).ShouldBeEmpty();
        (await fixture.Server.ScalarAsync<long>($"select count(*) from pg_database where datname like 'pgdr\\_%' and oid > (select oid from pg_database where datname = '{database}')")).ShouldBe(0);
    }

    /// <summary>Rows of one tenant, of the other, and of both.</summary>
    private async Task<string?> SaidAsync(string database) => await fixture.Server.ScalarAsync<string>(
        "select concat_ws(',', (select count(*) from tenant_a.notes), (select count(*) from tenant_b.notes), (select count(*) from articles))", database);

    /// <summary>PostgreSQL's programs; pg_dump runs a script before it dumps.</summary>
    private static string ToolsThatFirst(BackupSite site, string script)
    {
        const string Binaries = "/usr/lib/postgresql/15/bin";
        var folder = Directory.CreateDirectory(Path.Combine(site.Folder, "tools")).FullName;
        foreach (var program in Directory.EnumerateFiles(Binaries).Where(static path => Path.GetFileName(path) != "pg_dump"))
        {
            File.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(program)), program);
        }

        var dump = Path.Combine(folder, "pg_dump");
        File.WriteAllText(dump, $"#!/bin/sh\n[ \"$1\" = --version ] || {{ {script}; }}\nexec {Binaries}/pg_dump \"$@\"\n");
        File.SetUnixFileMode(dump, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return folder;
    }

    private async Task<string?> NotesAsync(string database) => await fixture.Server.ScalarAsync<string>("select string_agg(t || n || said, ',' order by n) from notes", database);

    private async Task<(BackupSite Site, string Database)> SiteAsync()
    {
        var (site, database) = await fixture.NewSiteAsync();
        await fixture.Server.ExecuteAsync(
            "create table notes (t text not null, n int primary key, said text); insert into notes values ('a', 1, 'canary'), ('a', 2, 'canary'), ('b', 3, 'canary')", database);
        site.Settings["Databases__0__Tenants__Mode"] = "column";
        site.Settings["Databases__0__Tenants__Column"] = "t";
        site.Settings["Databases__0__Tenants__Shared"] = "public.articles";
        site.Settings["Databases__0__Tenants__List"] = "select distinct t from notes";
        return (site, database);
    }
}

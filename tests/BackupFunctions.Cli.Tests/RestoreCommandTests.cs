using System.Globalization;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Cli.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class RestoreCommandTests(CliFixture fixture)
{
    [Theory]
    [InlineData(null)]
    [InlineData("other")]
    public async Task Restore_NotConfirmed_ExitsWith2AndTouchesNothing(string? confirm)
    {
        var oid = await OidAsync(CliFixture.Database);
        string[] confirmation = confirm is null ? [] : ["--confirm", confirm];

        (await Pgdr.RunAsync(fixture.Site, ["restore", CliFixture.Database, .. confirmation])).ShouldFail(2).ShouldContain("--confirm");

        (await OidAsync(CliFixture.Database)).ShouldBe(oid);
        Directory.Exists(Path.Combine(fixture.Site.WorkFolder, "restores")).ShouldBeFalse();
    }

    [Fact]
    public async Task Restore_BreakGlass_NeedsStorageAndTheRecoveryFileOnly()
    {
        var (site, database) = await fixture.NewSiteAsync();
        using var disposed = site;
        (await Pgdr.RunAsync(site, "backup", "run", database)).ShouldSucceed();
        await fixture.Server.ExecuteAsync($"drop database {database}");
        foreach (var setting in site.Settings.Keys.Where(IsNotNeeded).ToList())
        {
            site.Settings.Remove(setting);
        }

        Directory.Delete(site.RunStore, recursive: true);

        var result = (await Pgdr.RunAsync(
            site, "restore", database, "--confirm", database, "--recovery-file", fixture.Keys[KeyFiles.Recovery], "--json")).ShouldSucceed();

        result.Json["rows"]!.GetValue<long>().ShouldBe(CliFixture.Rows);
        result.Json["kept_database"].ShouldBeNull();
        (await fixture.Server.ScalarAsync<long>("select count(*) from articles", database)).ShouldBe(CliFixture.Rows);
        Directory.EnumerateFileSystemEntries(Path.Combine(site.WorkFolder, "restores")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Restore_BreakGlassToATime_NeedsStorageAndTheRecoveryFileOnly()
    {
        var (site, database) = await fixture.NewSiteAsync();
        using var disposed = site;
        site.Settings["WAL_SLOT_UNLIMITED"] = "true";
        // As root the recovered server runs as another account.
        File.SetUnixFileMode(site.Folder, File.GetUnixFileMode(site.Folder) | UnixFileMode.OtherExecute);
        (await Pgdr.RunAsync(site, "wal", "receive", "main")).ShouldSucceed();
        (await Pgdr.RunAsync(site, "backup", "run", "main", "--kind", "base")).ShouldSucceed();
        await fixture.Server.ExecuteAsync("insert into articles values (0, 'of the last minute')", database);
        var before = new DateTimeOffset(await fixture.Server.ScalarAsync<DateTime>("select clock_timestamp()"));
        await fixture.Server.ExecuteAsync("delete from articles", database);
        (await Pgdr.RunAsync(site, "wal", "receive", "main")).ShouldSucceed();
        await fixture.Server.DropSlotAsync("pgdr");
        await fixture.Server.ExecuteAsync($"drop database {database}");
        foreach (var setting in site.Settings.Keys.Where(IsNotNeeded).ToList())
        {
            site.Settings.Remove(setting);
        }

        Directory.Delete(site.RunStore, recursive: true);

        var result = (await Pgdr.RunAsync(
            site, "restore", database, "--confirm", database, "--time", before.ToString("O", CultureInfo.InvariantCulture), "--recovery-file", fixture.Keys[KeyFiles.Recovery], "--json")).ShouldSucceed();

        result.Json["rows"]!.GetValue<long>().ShouldBe(CliFixture.Rows + 1);
        result.Json["point"]!["timeline"]!.GetValue<int>().ShouldBe(1);
        (await fixture.Server.ScalarAsync<string>("select name from articles where i = 0", database)).ShouldBe("of the last minute");

        await fixture.Server.ExecuteAsync("drop table articles", database);
        result = (await Pgdr.RunAsync(
            site, "restore", database, "--table", "public.art*", "--to", database + "_look", "--time", before.ToString("O", CultureInfo.InvariantCulture), "--recovery-file", fixture.Keys[KeyFiles.Recovery], "--json")).ShouldSucceed();

        result.Json["tables"]!.GetValue<int>().ShouldBe(1);
        result.Json["point"]!["timeline"]!.GetValue<int>().ShouldBe(1);
        (await fixture.Server.ScalarAsync<string>("select name from articles where i = 0", database + "_look")).ShouldBe("of the last minute");
        (await fixture.Server.ScalarAsync<string>("select coalesce(to_regclass('articles')::text, 'gone')", database)).ShouldBe("gone");
        Directory.EnumerateFileSystemEntries(Path.Combine(site.WorkFolder, "restores")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Restore_BackupAndTime_ExitsWith2() =>
        (await Pgdr.RunAsync(fixture.Site, "restore", CliFixture.Database, "--confirm", CliFixture.Database, "--latest", "--backup", "20200101T000000000Z-00000000"))
            .ShouldFail(2).ShouldContain("Give at most one of");

    [Fact]
    public async Task Restore_OfSomeTables_GoesBesideTheLiveDatabaseAndReplacesNothing()
    {
        var (site, database) = await fixture.NewSiteAsync();
        using var disposed = site;
        await fixture.Server.ExecuteAsync("create schema other; create table other.t as select 1 a; create subscription s connection 'host=nowhere.invalid' publication p with (connect = false, slot_name = none)", database);
        (await Pgdr.RunAsync(site, "backup", "run", database)).ShouldSucceed();
        await fixture.Server.ExecuteAsync("drop table other.t", database);
        var (oid, look) = (await OidAsync(database), database + "_look");

        (await Pgdr.RunAsync(site, "restore", database, "--schema", "other")).ShouldFail(2).ShouldContain("--to NAME");
        (await Pgdr.RunAsync(site, "restore", database, "--schema", "other", "--to", database)).ShouldFail(2).ShouldContain("--to NAME");
        (await Pgdr.RunAsync(site, "restore", database, "--table", "other.u", "--to", look)).ShouldFail(2).ShouldContain("no table 'other.u'");
        (await OidAsync(database)).ShouldBe(oid);
        (await Pgdr.RunAsync(site, "restore", database, "--schema", "other", "--to", look)).ShouldSucceed().Output.ShouldContain($"restored {look} on main");
        (await Pgdr.RunAsync(site, "restore", database, "--schema", "other", "--to", look)).ShouldFail(1).ShouldContain($"has a database '{look}'");

        (await fixture.Server.ScalarAsync<int>("select a from other.t", look)).ShouldBe(1);
        (await fixture.Server.ScalarAsync<string>("select coalesce(to_regclass('articles')::text, 'gone')", look)).ShouldBe("gone");
        (await fixture.Server.ScalarAsync<long>("select count(*) from pg_subscription where subname = 's'")).ShouldBe(1);
        (await OidAsync(database)).ShouldBe(oid);
        await fixture.Server.ExecuteAsync("drop subscription s", database);
    }

    [Fact]
    public async Task Restore_OverALiveDatabase_SaysWhereThatIsKept()
    {
        var (site, database) = await fixture.NewSiteAsync();
        using var disposed = site;
        (await Pgdr.RunAsync(site, "backup", "run", database)).ShouldSucceed();
        await fixture.Server.ExecuteAsync("delete from articles", database);

        var result = (await Pgdr.RunAsync(site, "restore", database, "--confirm", database)).ShouldSucceed();

        result.Output.ShouldContain($"restored {database} on main");
        result.Output.ShouldContain("the previous database is kept as pgdr_kept_");
        (await fixture.Server.ScalarAsync<long>("select count(*) from articles", database)).ShouldBe(CliFixture.Rows);
    }

    [Fact]
    public async Task Restore_Fails_ExitsWith1AndLeavesNeitherScratchDatabaseNorDump()
    {
        var (site, database) = await fixture.NewSiteAsync();
        using var disposed = site;
        (await Pgdr.RunAsync(site, "backup", "run", database)).ShouldSucceed();
        foreach (var file in Directory.EnumerateFiles(site.Folder, "000001.tink", SearchOption.AllDirectories))
        {
            var bytes = await File.ReadAllBytesAsync(file);
            bytes[^20] ^= 1;
            await File.WriteAllBytesAsync(file, bytes);
        }

        (await Pgdr.RunAsync(site, "restore", database, "--confirm", database)).ShouldFail(1).ShouldContain("000001.tink");

        Directory.EnumerateFileSystemEntries(Path.Combine(site.WorkFolder, "restores")).ShouldBeEmpty();
        (await fixture.Server.ScalarAsync<long>("select count(*) from articles", database)).ShouldBe(CliFixture.Rows);
    }

    [Fact]
    public async Task Restore_LiveDatabaseCannotBeReplaced_SaysThatTheRestoredOneIsLeftAndHowToDropIt()
    {
        var (site, database) = await fixture.NewSiteAsync();
        using var disposed = site;
        (await Pgdr.RunAsync(site, "backup", "run", database)).ShouldSucceed();
        await fixture.Server.ExecuteAsync("create subscription blocker connection 'host=127.0.0.1' publication p with (connect = false)", database);

        var result = await Pgdr.RunAsync(site, "restore", database, "--confirm", database);

        result.ShouldFail(1).ShouldContain("subscription");
        result.Error.ShouldContain("DROP DATABASE \"pgdr_");
        await fixture.Server.ExecuteAsync("alter subscription blocker disable; alter subscription blocker set (slot_name = none); drop subscription blocker", database);
    }

    [Fact]
    public async Task Restore_NoSuchBackup_ExitsWith1() =>
        (await Pgdr.RunAsync(
            fixture.Site, "restore", CliFixture.Database, "--confirm", CliFixture.Database, "--backup", "20200101T000000000Z-00000000"))
        .ShouldFail(1).ShouldContain("pgdr backup list");

    [Fact]
    public async Task Restore_RecoveryFileMissing_ExitsWith1() =>
        (await Pgdr.RunAsync(
            fixture.Site, "restore", CliFixture.Database, "--confirm", CliFixture.Database, "--recovery-file", "/nowhere/recovery.json"))
        .ShouldFail(1).ShouldContain("/nowhere/recovery.json");

    private static bool IsNotNeeded(string setting) =>
        setting.StartsWith("BACKUP_", StringComparison.Ordinal) || setting.StartsWith("Databases__", StringComparison.Ordinal);

    private Task<long> OidAsync(string name) => fixture.Server.ScalarAsync<long>($"select oid::bigint from pg_database where datname = '{name}'");
}

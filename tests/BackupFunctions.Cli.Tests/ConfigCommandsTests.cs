using BackupFunctions.Cli.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class ConfigCommandsTests(CliFixture fixture)
{
    [Fact]
    public async Task Diff_AfterAChange_ShowsItAndNothingElse()
    {
        var (site, _) = await fixture.NewSiteAsync();
        using var disposed = site;
        var taken = (await Pgdr.RunAsync(site, "backup", "run", "main", "--kind", "configuration", "--json")).ShouldSucceed();
        var id = taken.Json["backup_id"]!.GetValue<string>();

        (await Pgdr.RunAsync(site, "config", "diff", id)).ShouldSucceed().Output.ShouldBe("No difference.\n");
        await fixture.Server.ExecuteAsync("alter system set work_mem = '33MB'");
        await fixture.Server.ExecuteAsync("select pg_reload_conf(); create role config_newcomer");
        try
        {
            var differences = (await Pgdr.RunAsync(site, "config", "diff", id)).ShouldSucceed().Output;
            differences.ShouldContain("+CREATE ROLE config_newcomer;");
            differences.ShouldContain("work_mem = '33MB'");
            differences.ShouldNotContain("restrict ");
            Directory.EnumerateFileSystemEntries(site.WorkFolder, "pgdr-config-*").ShouldBeEmpty();
        }
        finally
        {
            await fixture.Server.ExecuteAsync("alter system reset work_mem");
            await fixture.Server.ExecuteAsync("select pg_reload_conf(); drop role config_newcomer");
        }

        (await Pgdr.RunAsync(site, "backup", "list")).ShouldSucceed().Output.ShouldContain("server main (configuration)");
    }

    [Fact]
    public async Task Extract_IntoANewFolder_WritesTheFiles()
    {
        var (site, _) = await fixture.NewSiteAsync();
        using var disposed = site;
        using var folder = new TemporaryFolder();
        var id = (await Pgdr.RunAsync(site, "backup", "run", "main", "--kind", "configuration", "--json")).ShouldSucceed().Json["backup_id"]!.GetValue<string>();

        (await Pgdr.RunAsync(site, "config", "extract", id, folder["out"])).ShouldSucceed().Output.ShouldContain("configuration of server main");

        File.Exists(Path.Combine(folder["out"], "server/settings.txt")).ShouldBeTrue();
        (await Pgdr.RunAsync(site, "config", "extract", id, folder["out"])).ExitCode.ShouldBe(2);
        (await Pgdr.RunAsync(site, "config", "extract", "20200101T000000000Z-00000000", folder["other"])).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task SetupSql_OfASite_PrintsAScriptForItsDatabases()
    {
        var (site, database) = await fixture.NewSiteAsync();
        using var disposed = site;

        var script = (await Pgdr.RunAsync(site, "setup", "sql", "--role", "reader", "--replication")).ShouldSucceed().Output;

        script.ShouldContain("ALTER ROLE \"reader\" WITH LOGIN BYPASSRLS REPLICATION");
        script.ShouldContain($"GRANT CONNECT ON DATABASE \"{database}\" TO \"reader\";");
        script.ShouldNotContain(PostgresServer.SuperuserPassword);
        (await Pgdr.RunAsync(site, "setup", "sql", "--server", "absent")).ExitCode.ShouldBe(2);
    }
}

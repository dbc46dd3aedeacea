using System.Text.Json;
using BackupFunctions.Cli.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class CatalogCommandsTests(CliFixture fixture)
{
    [Fact]
    public async Task List_CatalogDroppedAndRebuilt_IsByteForByteThatOfStorage()
    {
        var settings = Settings(fixture.Server.ConnectionString("cli_catalog"));
        var storage = await Pgdr.RunAsync(settings, "backup", "list", "--from-storage", "--json");
        storage.ShouldSucceed();
        (await Pgdr.RunAsync(settings, "catalog", "rebuild", "--json")).ShouldSucceed();
        await ShouldListAsync(storage.Output);

        await fixture.Server.ExecuteAsync("DROP DATABASE cli_catalog WITH (FORCE)");
        await ShouldListAsync(storage.Output);
        (await Pgdr.RunAsync(settings, "catalog", "rebuild")).ShouldSucceed();
        await ShouldListAsync(storage.Output);

        var status = await Pgdr.RunAsync(settings, "catalog", "status", "--json");
        status.ShouldSucceed();
        using var json = JsonDocument.Parse(status.Output);
        json.RootElement.GetProperty("backups").GetInt64().ShouldBe(1);
        json.RootElement.GetProperty("copies").GetInt64().ShouldBe(3);
        status.Output.ShouldNotContain(PostgresServer.SuperuserPassword);
        (await Pgdr.RunAsync(settings, "catalog", "status")).ShouldSucceed().Output.ShouldContain("1, as expected");

        async Task ShouldListAsync(string expected)
        {
            var listed = await Pgdr.RunAsync(settings, "backup", "list", "--json");
            listed.ShouldSucceed();
            listed.Output.ShouldBe(expected);
            listed.Error.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task List_CatalogAway_ReadsStorageAndSaysSo()
    {
        var settings = Settings($"Host=127.0.0.1;Port={FreePort.Next()};Username=postgres;Password={PostgresServer.SuperuserPassword};Database=cli_catalog");

        var listed = await Pgdr.RunAsync(settings, "backup", "list", "--json");

        listed.ShouldSucceed();
        JsonDocument.Parse(listed.Output).RootElement.GetArrayLength().ShouldBe(1);
        listed.Error.ShouldContain("Storage was read instead.");
        listed.Error.ShouldNotContain(PostgresServer.SuperuserPassword);
    }

    [Fact]
    public async Task Status_NoCatalog_SaysHowToGetOne()
    {
        using var folder = new TemporaryFolder();
        var settings = new Dictionary<string, string>(fixture.Site.Settings, StringComparer.Ordinal) { ["DATA_FOLDER"] = folder.Path };

        var refused = await Pgdr.RunAsync(settings, "catalog", "status");

        refused.ExitCode.ShouldBe(ExitCodes.Usage);
        refused.Error.ShouldContain("CATALOG_CONNECTION");
    }

    private Dictionary<string, string> Settings(string catalog) => new(fixture.Site.Settings, StringComparer.Ordinal) { ["CATALOG_CONNECTION"] = catalog };
}

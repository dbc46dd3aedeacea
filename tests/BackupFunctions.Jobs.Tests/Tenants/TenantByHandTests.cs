using System.Globalization;
using System.Text.Json.Nodes;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Tenants;

/// <summary>As docs/035 tells it: storage, a key and tools of the distribution bring a tenant back.</summary>
[Collection(ServerCollection.Name)]
public sealed class TenantByHandTests(ServerFixture fixture)
{
    [Fact]
    public async Task Backup_OpenedByHand_HasTheTenantsRows()
    {
        using var site = await TenantSite.CreateAsync(
            fixture, TenantBackupJobTests.Shop, ("Column", "tenant_id"), ("Root", "public.tenants(id)"), ("Shared", "public.plans"));
        var backup = await site.BackUpAsync("2");
        using var folder = new TemporaryFolder();
        var kit = Path.Combine(site.Jobs.Site.TargetFolder("b"), "recovery-kit", "open-backup.py");
        await CommandLine.RunAsync(
            "python3", kit, "--backup", site.Jobs.FileOf("b", backup.BackupId, ""), "--recovery-file", fixture.Keys[KeyFiles.Recovery], "--out", folder["opened"]);
        var dump = Path.Combine(folder["opened"], "dump");
        var contents = JsonNode.Parse(await File.ReadAllTextAsync(
            Directory.EnumerateFiles(folder["opened"], "contents*", SearchOption.AllDirectories).First()))!;
        var database = await fixture.NewDatabaseAsync("select 1");

        await ToolAsync("pg_restore", "--exit-on-error", "--section=pre-data", "--dbname", Connection(database), dump);
        foreach (var table in contents["tenant"]!["tables"]!.AsArray().Where(table => table!["file"] is not null))
        {
            var name = table!["name"]!.GetValue<string>();
            var columns = string.Join(", ", contents["tables"]!.AsArray().Single(digest => digest!["name"]!.GetValue<string>() == name)!["columns"]!.AsArray());
            await ToolAsync("psql", "-v", "ON_ERROR_STOP=1", "-d", Connection(database), "-c", $"\\copy public.{name} ({columns}) from '{Path.Combine(dump, table["file"]!.GetValue<string>())}' (encoding 'UTF8')");
        }

        await ToolAsync("pg_restore", "--exit-on-error", "--section=post-data", "--dbname", Connection(database), dump);

        const string Rows = "select string_agg(c::text, ',' order by id) from customers c where tenant_id = 2";
        (await site.ScalarAsync<string>(Rows, database)).ShouldBe(await site.ScalarAsync<string>(Rows));
        (await site.ScalarAsync<long>("select count(*) from lines", database)).ShouldBe(backup.Rows - 1 - 20 - await site.ScalarAsync<long>("select count(*) from orders", database));
    }

    private string Connection(string database) => string.Create(CultureInfo.InvariantCulture, $"host=127.0.0.1 port={fixture.Server.Port} user=postgres dbname={database}");

    private Task<string> ToolAsync(string tool, params string[] arguments) =>
        CommandLine.RunAsync("env", [$"PGPASSWORD={PostgresServer.SuperuserPassword}", Path.Combine(fixture.Server.Binaries, tool), .. arguments]);
}

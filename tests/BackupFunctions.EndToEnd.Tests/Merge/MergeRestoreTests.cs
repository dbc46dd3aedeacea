using System.Net;
using BackupFunctions.Contracts.DisasterRecovery;
using BackupFunctions.EndToEnd.Tests.Support;

namespace BackupFunctions.EndToEnd.Tests.Merge;

/// <summary>Rows were lost and others changed; they come back by HTTP while the database goes on.</summary>
[Collection(RunbookCollection.Name)]
public sealed class MergeRestoreTests(SampleServer server)
{
    private const string Accident = """
        delete from billing.payments where invoice_id <= 30; delete from sales.invoices where id <= 30; update sales.customers set name = 'wrong' where id <= 5;
        """;

    private static readonly string[] Tables = ["sales.*", "billing.payments"];

    private static readonly object Body = new
    {
        database = SampleServer.Database, reason = "an accident", confirm = SampleServer.Database, tables = Tables, policy = "overwrite", apply = true,
    };

    [Fact]
    public async Task Merge_PlannedThenAppliedAndTheHostKilledOnTheWay_BringsTheRowsBackAfterABackup()
    {
        var tools = await HeldTools.CreateAsync(server.NewFolder("tools"), "pg_dump");
        tools.Release("pg_dump");
        var settings = await LoseRowsAsync(tools);
        var broken = await server.ContentsAsync(server.Server);
        tools.Hold("pg_dump");
        await using var host = await HostProcess.StartAsync(server.NewFolder("host"), settings);
        var merge = new MergeClient(host);
        await merge.StartAsync(new { database = SampleServer.Database, reason = "a look", tables = Tables, policy = "overwrite" });

        var plan = await merge.ReportAsync();

        (await server.ContentsAsync(server.Server)).ShouldBe(broken);
        var changes = plan.Merges.Single().Tables.ToDictionary(table => table.Table, table => (table.Add, table.Change), StringComparer.Ordinal);
        (changes["sales.invoices"], changes["sales.customers"]).ShouldBe(((30, 0), (0, 5)));
        (await server.RemainsAsync()).ShouldBeEmpty();

        await merge.StartAsync(Body);
        await merge.StepAsync(5, StepStatus.Running);
        await tools.CalledAsync("pg_dump");
        (await merge.PostAsync("api/merges", Body)).Status.ShouldBe(HttpStatusCode.Conflict);
        var recovery = await merge.PostAsync("api/disaster-recovery", Body);
        (recovery.Status, recovery.Json["type"]!.GetValue<string>(), recovery.Json["instanceId"]!.GetValue<string>()).ShouldBe(
            (HttpStatusCode.Conflict, "urn:backupfunctions:merge/running", MergeClient.Id));
        await host.KillAsync();
        await host.StartAgainAsync();
        tools.Release("pg_dump");

        var report = await merge.ReportAsync();

        report.Success.ShouldBeTrue();
        (await server.ContentsAsync(server.Server)).ShouldBe(server.Contents);
        report.Merges.Single().Tables.ShouldBe(plan.Merges.Single().Tables);
        report.Steps!.ShouldAllBe(step => step.Status == StepStatus.Completed);
        report.Warnings!.ShouldBeEmpty();
        (await Pgdr.RunCheckedAsync(settings, "backup", "list")).ShouldContain(report.UndoBackupId!);
        await NothingIsLeftAsync(host);
    }

    [Fact]
    public async Task Merge_Terminated_LeavesNoScratchDatabaseBehind()
    {
        var tools = await HeldTools.CreateAsync(server.NewFolder("tools"), "pg_dump");
        tools.Release("pg_dump");
        var settings = await LoseRowsAsync(tools);
        settings["REAP_JOBS_SCHEDULE"] = "* * * * * *";
        tools.Hold("pg_dump");
        await using var host = await HostProcess.StartAsync(server.NewFolder("host"), settings);
        var merge = new MergeClient(host);
        await merge.StartAsync(Body);
        var running = await merge.StepAsync(5, StepStatus.Running);
        await tools.CalledAsync("pg_dump");
        (await server.RemainsAsync()).ShouldHaveSingleItem();
        using (var client = host.Client(SampleServer.SystemKey))
        using (var answer = await client.PostAsync($"runtime/webhooks/durabletask/instances/{MergeClient.Id}/terminate", content: null))
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        }

        await Until.NotNullAsync(
            async () => (await server.RemainsAsync()).Count == 0 && Directory.GetFiles(Path.Combine(host.RunStore, "merges")).Length == 0 ? "none" : null,
            () => $"nothing is left; {host.ReadLog()}",
            120);

        await NothingIsLeftAsync(host);
        tools.Release("pg_dump");
        var undo = await merge.EndAsync($"merge-{MergeClient.Status(running)!.RestoreId}-undo");
        undo["runtimeStatus"]!.GetValue<string>().ShouldBe("Completed", "a backup more does no harm");
        (await server.Server.ScalarAsync<long>("select count(*) from sales.invoices where id <= 30", SampleServer.Database)).ShouldBe(0);
    }

    /// <returns>Settings with targets of their own, which have a backup of the whole database.</returns>
    private async Task<Dictionary<string, string>> LoseRowsAsync(HeldTools tools)
    {
        await server.EnsureLiveAsync();
        var settings = server.Settings();
        settings["Targets__first__Path"] = server.NewFolder("first");
        settings["Targets__second__Path"] = server.NewFolder("second");
        settings["POSTGRES_BIN"] = tools.Folder;
        var own = new Dictionary<string, string>(settings, StringComparer.Ordinal)
        {
            ["RUN_STORE_PATH"] = server.NewFolder("cli-runs"), ["WORK_PATH"] = server.NewFolder("cli-work"),
        };
        await Pgdr.RunCheckedAsync(own, "backup", "run", SampleServer.Database);
        await server.Server.ExecuteAsync(Accident, SampleServer.Database);
        return settings;
    }

    private async Task NothingIsLeftAsync(HostProcess host)
    {
        (await server.RemainsAsync()).ShouldBeEmpty();
        Directory.EnumerateDirectories(Path.Combine(host.Folder, "work", "restores")).ShouldBeEmpty();
        Directory.EnumerateFiles(Path.Combine(host.RunStore, "merges")).ShouldBeEmpty();
    }
}

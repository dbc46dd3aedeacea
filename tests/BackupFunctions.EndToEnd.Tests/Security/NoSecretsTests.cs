using BackupFunctions.Archive.Keys;
using BackupFunctions.EndToEnd.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.EndToEnd.Tests.Security;

[Collection(RunbookCollection.Name)]
public sealed class NoSecretsTests(SampleServer server)
{
    [Fact]
    public async Task BackupAndRecovery_LeaveNoSecretAnywhere()
    {
        await server.EnsureLiveAsync();
        var secrets = Secrets();
        var state = Path.Combine(server.NewFolder("dump"), "state.sql");
        string hostFolder;
        await using (var host = await RunbookHost.StartAsync(server))
        {
            hostFolder = host.Process.Folder;
            await using var processes = new ProcessListWatch([.. secrets.Values]);
            await BackUpAsync(host);
            (await (await RecoveryClient.StartAsync(host.Process)).ReportAsync()).Success.ShouldBeTrue();
            await processes.EndAsync();
            processes.Found.ShouldBeEmpty();
            processes.SawJobs.ShouldBeTrue();
            processes.SawTools.ShouldBeTrue();
            await CommandLine.RunAsync("pg_dump", "-h", Path.Combine(hostFolder, "run"), "-U", "backupfunctions", "-f", state, "postgres");
        }

        // Histories, inputs, outputs and custom status as the state server gives them out.
        (await File.ReadAllTextAsync(state)).ShouldContain(RecoveryClient.Id);
        ByteSearch.Find(Path.GetDirectoryName(state)!, secrets).ShouldBeEmpty();

        // Run store, work folder, logs of host and jobs, reports, the state server's files, and both targets.
        ByteSearch.Find(hostFolder, secrets).ShouldBeEmpty();
        ByteSearch.Find(Path.Combine(server.Folder, "first"), secrets).ShouldBeEmpty();
        ByteSearch.Find(Path.Combine(server.Folder, "second"), secrets).ShouldBeEmpty();

        // The search does find what is there.
        ByteSearch.Find(server.Keys, secrets).ShouldContain(found => found.Contains(KeyFiles.SigningPrivate, StringComparison.Ordinal));
    }

    private Dictionary<string, string> Secrets()
    {
        var secrets = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["the server's password"] = PostgresServer.SuperuserPassword,
            ["the master key"] = SampleServer.MasterKey,
            ["the function key"] = SampleServer.FunctionKey,
            ["the system key"] = SampleServer.SystemKey,
            ["the hook's token"] = Application.HookToken,
        };
        foreach (var key in new[] { KeyFiles.OperationalPrivate, KeyFiles.RecoveryPrivate, KeyFiles.SigningPrivate })
        {
            // Its second line of base64: the first is the same for every key of a kind.
            secrets[key] = File.ReadAllLines(Path.Combine(server.Keys, key))[2];
        }

        return secrets;
    }

    private static async Task BackUpAsync(RunbookHost host)
    {
        using var client = host.Process.Client(SampleServer.FunctionKey);
        using var body = new StringContent($$"""{"database":"{{SampleServer.Database}}","notify":"ops"}""");
        var started = await Answer.OfAsync(client.PostAsync("api/backups", body));
        (await started.EndAsync(host.Process)).Json["output"]!["status"]!.GetValue<string>().ShouldBe("VERIFIED");
        host.Application.Notices.ShouldHaveSingleItem();
    }
}

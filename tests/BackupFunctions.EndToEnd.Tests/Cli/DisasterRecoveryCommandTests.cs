using BackupFunctions.EndToEnd.Tests.Support;

namespace BackupFunctions.EndToEnd.Tests.Cli;

[Collection(HostCollection.Name)]
public sealed class DisasterRecoveryCommandTests(HostServer server)
{
    [Fact]
    public async Task Start_FollowedAndRetried_EndsWithTheRecoveredDatabase()
    {
        await server.LoseAsync();
        var settings = server.Host.Process.Settings;
        server.Host.Restart.EndsWith(1);
        var calls = server.Host.Restart.Calls.Count;
        var waiting = new TaskCompletionSource();
        void Watch(string line)
        {
            if (line.Contains("WAITING", StringComparison.Ordinal))
            {
                waiting.TrySetResult();
            }
        }

        var following = Pgdr.RunAsync(
            settings, Watch, "dr", "start", SampleServer.Database, "--reason", "test", "--confirm", SampleServer.Database, "--follow");
        try
        {
            await Until.NotNullAsync(
                async () => await Pgdr.RunAsync(settings, "dr", "status", SampleServer.Database) is var status
                    && status.Output.Contains("waiting for a person: pgdr dr retry | abort invoicing", StringComparison.Ordinal) ? status : null,
                () => $"the status that asks for a person; {server.Host.Process.ReadLog()}",
                120);
            await Task.WhenAny(waiting.Task, following).WaitAsync(TimeSpan.FromSeconds(60));
        }
        finally
        {
            server.Host.Restart.EndsWith(0);
        }

        await Pgdr.RunCheckedAsync(settings, "dr", "retry", SampleServer.Database);
        var followed = await following;

        followed.ExitCode.ShouldBe(0, followed.Error);
        followed.Output.ShouldContain("5/7 restart_application");
        followed.Output.ShouldContain("WAITING");
        followed.Output.TrimEnd().ShouldEndWith($"recovered {SampleServer.Database}");
        server.Host.Restart.Calls.Count.ShouldBe(calls + 2);
        (await server.ContentsAsync(server.Server)).ShouldBe(server.Contents);
        var late = await Pgdr.RunAsync(settings, "dr", "retry", SampleServer.Database);
        late.ExitCode.ShouldNotBe(0);
        late.Error.ShouldContain("has ended already");
    }

    [Fact]
    public async Task Start_WithAnotherKey_SaysWhichKeyIsNeeded()
    {
        var settings = new Dictionary<string, string>(server.Host.Process.Settings, StringComparer.Ordinal) { ["HOST_MASTER_KEY"] = "not-a-key-of-this-host" };
        var refused = await Pgdr.RunAsync(settings, "dr", "start", SampleServer.Database, "--reason", "test", "--confirm", SampleServer.Database);
        refused.ExitCode.ShouldNotBe(0);
        refused.Error.ShouldContain("does not accept this key");
    }
}

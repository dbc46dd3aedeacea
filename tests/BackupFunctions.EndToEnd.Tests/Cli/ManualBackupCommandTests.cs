using System.Text.Json.Nodes;
using BackupFunctions.EndToEnd.Tests.Support;

namespace BackupFunctions.EndToEnd.Tests.Cli;

[Collection(HostCollection.Name)]
public sealed class ManualBackupCommandTests(HostServer server)
{
    private IReadOnlyDictionary<string, string> Settings => server.Host.Process.Settings;

    [Fact]
    public async Task Backup_StartedForLater_IsListedAndCanceled()
    {
        var at = $"{TimeProvider.System.GetUtcNow().AddDays(3):yyyy-MM-dd'T'HH:mm:ss}Z";

        var said = await Pgdr.RunCheckedAsync(Settings, "backup", "start", "main", "--kind", "archive", "--at", at, "--notify", "ops");
        var one = JsonNode.Parse(await Pgdr.RunCheckedAsync(Settings, "backup", "scheduled", "--json"))!.AsArray()
            .Single(waiting => said.Contains(waiting!["id"]!.GetValue<string>(), StringComparison.Ordinal))!;
        var id = one["id"]!.GetValue<string>();
        var listed = await Pgdr.RunCheckedAsync(Settings, "backup", "scheduled");

        said.ShouldBe($"Backup of server main waits until {at} as {id}; 'pgdr backup cancel {id}' takes it back.\n");
        one["kind"]!.GetValue<string>().ShouldBe("ARCHIVE");
        listed.ShouldContain($"{at.Replace('T', ' ')}  {id}  ARCHIVE       server main, asked for by http, key _master, tells hook ops");

        (await Pgdr.RunCheckedAsync(Settings, "backup", "cancel", id)).ShouldBe($"{id} is canceled.\n");
        (await Pgdr.RunCheckedAsync(Settings, "backup", "scheduled")).ShouldNotContain(id);
    }

    [Fact]
    public async Task Backup_StartedAndFollowed_EndsWithItsId()
    {
        await server.EnsureLiveAsync();

        var followed = await Pgdr.RunAsync(Settings, "backup", "start", SampleServer.Database, "--follow");

        followed.ExitCode.ShouldBe(0, followed.Error);
        followed.Output.ShouldStartWith("VERIFIED: 20");
        followed.Error.ShouldContain("RUNNING: ");
        var id = followed.Error.Split("started as ")[1].Split('.')[0];
        var late = await Pgdr.RunAsync(Settings, "backup", "cancel", id);
        late.ExitCode.ShouldBe(1);
        late.Error.ShouldBe($"pgdr: The backup {id} has ended already, as VERIFIED.\n");
    }

    [Fact]
    public async Task Backup_FollowedToItsFailure_SaysWhyAndExitsWith1()
    {
        var failed = await Pgdr.RunAsync(Settings, "backup", "start", "main", "--kind", "incremental", "--follow");

        failed.ExitCode.ShouldBe(1, failed.Error);
        failed.Output.ShouldStartWith("FAILED: ");
        failed.Output.ShouldContain("17", Case.Sensitive, "incremental backups begin with that version");
    }

    [Fact]
    public async Task Start_HostDoesNotWantIt_SaysItsSentence()
    {
        var past = await Pgdr.RunAsync(Settings, "backup", "start", SampleServer.Database, "--at", "2020-01-01T00:00:00Z");
        past.ExitCode.ShouldBe(2);
        past.Error.ShouldStartWith("pgdr: 'at' lies in the past: it is ");

        var unknown = await Pgdr.RunAsync(Settings, "backup", "cancel", "nothing/../else");
        unknown.ExitCode.ShouldBe(1);
        unknown.Error.ShouldStartWith("pgdr: ");
    }
}

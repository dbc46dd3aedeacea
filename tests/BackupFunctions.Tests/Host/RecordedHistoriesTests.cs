using System.Net.Http.Json;
using System.Text.Json;
using BackupFunctions.Activities;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.EmbeddedHost.Durable.Histories;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.EmbeddedHost.Settings;
using BackupFunctions.Http;
using BackupFunctions.Tests.Support;
using BackupFunctions.Workflows;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Tests.Host;

/// <summary>Workflows that an older release began go on with the present code: see Histories/README.md.</summary>
[Collection(StateServerCollection.Name)]
public sealed class RecordedHistoriesTests(StateServer server)
{
    private static readonly string Recorded = Path.Combine(AppContext.BaseDirectory, "Histories");

    /// <summary>Histories that no code of this app ever made.</summary>
    public static string Misfits => Path.Combine(Recorded, "misfits");

    public static TheoryData<string> Releases =>
        [.. Directory.GetDirectories(Recorded).Where(folder => folder != Misfits).Select(folder => Path.GetFileName(folder))];

    [Theory]
    [MemberData(nameof(Releases))]
    public Task Replay_HistoriesOfRelease_FitThePresentCode(string release) => ReplayAsync(Path.Combine(Recorded, release));

    [Fact]
    public async Task Replay_HistoryOfAnotherWorkflow_IsFound()
    {
        await using var app = LoadApp();

        var misfit = HistoryFile.ReadAll(Misfits).ShouldHaveSingleItem();

        app.Check.Check(misfit).Mismatch!.ShouldContain("Non-Deterministic workflow detected");
    }

    /// <summary>Every way a workflow can go, for real; also makes the files that a release adds to its fixtures.</summary>
    [Fact]
    public async Task Replay_HistoriesOfThisBuild_Fit()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "histories-of-this-build");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        await using var application = await TinyServer.StartAsync(503, 200);
        await using var host = await AppHost.StartAsync(
            server,
            ("HEALTH_CHECK_URL", application.Url.ToString()),
            ("HEALTH_CHECK_INTERVAL", "1"),
            ("BACKUP_DATABASES", "shop;completed;retried;waiting;aborted;merged;planned;unmerged"));
        await BackUpAsync(host);
        await BackUpManuallyAsync(host);
        await RecoverAsync(host);
        await MergeAsync(host);
        var exported = await Pgdr.RunAsync(host.Service<HostSettings>().StateConnection!, "export", folder);
        exported.ExitCode.ShouldBe(0, exported.Error);

        Neutralize(folder);

        var names = await ReplayAsync(folder);
        names.RemoveAll(static name => name.StartsWith("merge-", StringComparison.Ordinal) && name.EndsWith("-undo", StringComparison.Ordinal)).ShouldBe(1);
        names.ShouldBe(
            [
                "backup-completed", "backup-failed", "backup-lost", "backup-terminated", "backup-unfinished", StartFinishingCopies.InstanceOf(JobResults.BackupId),
                "manual-canceled", "manual-failed", "manual-taken", "manual-untold", "manual-waiting",
                .. new[] { "aborted", "completed", "retried", "waiting" }.Select(DisasterRecoveryInstances.IdOf),
                .. new[] { "merged", "planned", "unmerged" }.Select(MergeInstances.IdOf),
            ],
            ignoreOrder: true);
    }

    /// <summary>Without the folder of this build in stack traces.</summary>
    private static void Neutralize(string folder)
    {
        foreach (var file in Directory.GetFiles(folder))
        {
            File.WriteAllText(file, File.ReadAllText(file).Replace(Repository.PathOf(string.Empty), string.Empty, StringComparison.Ordinal));
        }
    }

    private static async Task<List<string>> ReplayAsync(string folder)
    {
        await using var app = LoadApp();
        var histories = HistoryFile.ReadAll(folder).ToList();
        foreach (var history in histories)
        {
            app.Check.Check(history).Mismatch.ShouldBeNull(history.InstanceId);
        }

        return histories.ConvertAll(history => history.InstanceId);
    }

    /// <summary>As pgdr loads it.</summary>
    private static AppCode LoadApp() => new(
        typeof(StartBackup).Assembly.Location,
        HostJson.Read(Path.Combine(AppContext.BaseDirectory, "host.json")),
        new ConfigurationBuilder().Build(),
        ContractJson.Apply,
        NullLoggerFactory.Instance);

    private static async Task BackUpAsync(AppHost host)
    {
        host.Jobs.On(JobKinds.FullBackup, Answer.Runs("dump", 10, 100), Answer.Runs("upload", 10, 100), Answer.Succeeds(JobResults.Backup));
        await EndAsync(host, await BackUpAsync(host, "backup-completed"), OrchestrationRuntimeStatus.Completed);
        host.Jobs.On(JobKinds.FullBackup, Answer.Succeeds(JobResults.Backup with { Copies = [new CopyResult("b2", Written: false, Verified: false, "Unreachable.")] }));
        host.Jobs.On(JobKinds.VerifyCopies, Answer.Succeeds(JobResults.Checked));
        await EndAsync(host, await BackUpAsync(host, "backup-unfinished"), OrchestrationRuntimeStatus.Completed);
        await EndAsync(host, StartFinishingCopies.InstanceOf(JobResults.BackupId), OrchestrationRuntimeStatus.Completed);
        host.Jobs.On(JobKinds.FullBackup, Answer.Fails("The server refused the login: check Servers__main__Password."));
        await EndAsync(host, await BackUpAsync(host, "backup-failed"), OrchestrationRuntimeStatus.Failed);
        host.Jobs.On(JobKinds.FullBackup, _ => throw new IOException("The run store is away."), Answer.Lost, Answer.Succeeds(JobResults.Backup));
        await EndAsync(host, await BackUpAsync(host, "backup-lost"), OrchestrationRuntimeStatus.Completed);
        host.Jobs.On(JobKinds.FullBackup, Answer.Runs("dump", 10, 100));
        var looks = host.Jobs.Looks;
        await BackUpAsync(host, "backup-terminated");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (host.Jobs.Looks == looks)
        {
            await Task.Delay(20, limit.Token);
        }

        await host.Client.TerminateInstanceAsync("backup-terminated", "enough");
        await EndAsync(host, "backup-terminated", OrchestrationRuntimeStatus.Terminated);
    }

    private static async Task BackUpManuallyAsync(AppHost host)
    {
        var soon = ManualBackups.Full with { At = TimeProvider.System.GetUtcNow().AddSeconds(1) };
        host.Jobs.On(JobKinds.FullBackup, Answer.Runs("dump", 10, 100), Answer.Succeeds(JobResults.Backup));
        await EndAsync(host, await ManualBackups.StartAsync(host, soon, "manual-taken"), OrchestrationRuntimeStatus.Completed);
        await EndAsync(host, await ManualBackups.StartAsync(host, ManualBackups.Full with { Hook = "gone" }, "manual-untold"), OrchestrationRuntimeStatus.Completed);
        host.Jobs.On(JobKinds.FullBackup, Answer.Fails("The server refused the login: check Servers__main__Password."));
        await EndAsync(host, await ManualBackups.StartAsync(host, ManualBackups.Full with { Hook = "gone" }, "manual-failed"), OrchestrationRuntimeStatus.Failed);
        await ManualBackups.StartAsync(host, ManualBackups.FarAhead, "manual-waiting");
        await ManualBackups.WaitingAsync(host, "manual-waiting");
        await ManualBackups.StartAsync(host, ManualBackups.FarAhead, "manual-canceled");
        await ManualBackups.WaitingAsync(host, "manual-canceled");
        await host.Client.RaiseEventAsync("manual-canceled", ManualBackupEvents.Cancel, "a person");
        await EndAsync(host, "manual-canceled", OrchestrationRuntimeStatus.Completed);
    }

    /// <summary>Each of a database of its own: a recovery has the instance id of its database.</summary>
    private static async Task RecoverAsync(AppHost host)
    {
        host.Jobs.On(
            JobKinds.FetchBackup,
            Answer.Runs("download", 500, 1000),
            Answer.Runs("decrypt", 1, 10, JobPhases.Download),
            Answer.Succeeds(JobResults.Fetched));
        await EndAsync(host, await host.RecoverAsync("completed"), OrchestrationRuntimeStatus.Completed);

        host.Jobs.On(JobKinds.RestoreDatabase, Answer.Fails("The disk is full: free 3 GB."), Answer.Succeeds(JobResults.Restored));
        var retried = await host.RecoverAsync("retried");
        await host.WaitingAsync(retried, step: 4);
        await host.Client.RaiseEventAsync(retried, "retry");
        await EndAsync(host, retried, OrchestrationRuntimeStatus.Completed);

        host.Jobs.On(JobKinds.RestoreDatabase, Answer.Fails("The disk is full: free 3 GB."));
        await host.WaitingAsync(await host.RecoverAsync("waiting"), step: 4);
        var aborted = await host.RecoverAsync("aborted");
        await host.WaitingAsync(aborted, step: 4);
        await host.Client.RaiseEventAsync(aborted, "abort");
        await EndAsync(host, aborted, OrchestrationRuntimeStatus.Completed);
    }

    /// <summary>Written after a backup; by the log and only planned; refused.</summary>
    private static async Task MergeAsync(AppHost host)
    {
        host.Jobs.On(JobKinds.RestoreDatabase, Answer.Succeeds(JobResults.Restored));
        host.Jobs.On(JobKinds.FullBackup, Answer.Succeeds(JobResults.Backup));
        await EndAsync(host, await host.MergeAsync("merged"), OrchestrationRuntimeStatus.Completed);

        host.Jobs.On(JobKinds.MergeDatabase, Answer.Fails("Table public.orders has no primary key."));
        await EndAsync(host, await host.MergeAsync("unmerged"), OrchestrationRuntimeStatus.Failed);

        host.Jobs.On(JobKinds.SelectBackup, Answer.Succeeds(JobResults.SelectedPoint));
        host.Jobs.On(JobKinds.MergeDatabase, Answer.Runs("merge", 1, 2), Answer.Succeeds(JobResults.Planned));
        using var answer = await host.Http.PostAsJsonAsync("api/merges", new { database = "planned", reason = "recording", latest = true, tables = new[] { "public.*" } });
        await EndAsync(host, MergeInstances.IdOf("planned"), OrchestrationRuntimeStatus.Completed);
    }

    private static Task<string> BackUpAsync(AppHost host, string id) => host.Client.ScheduleNewOrchestrationInstanceAsync(
        nameof(FullBackup), new FullBackupParameters("shop", "recording"), new StartOrchestrationOptions(id));

    private static async Task EndAsync(AppHost host, string id, OrchestrationRuntimeStatus status) =>
        (await host.EndAsync(id)).RuntimeStatus.ShouldBe(status, id);
}

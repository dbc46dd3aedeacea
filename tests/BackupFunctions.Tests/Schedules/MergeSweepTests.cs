using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Merges;
using BackupFunctions.EmbeddedHost;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.Http;
using BackupFunctions.Merges;
using BackupFunctions.Schedules;
using BackupFunctions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Tests.Schedules;

/// <summary>No code of a workflow runs after terminate: the timer removes what the merge had made.</summary>
[Collection(StateServerCollection.Name)]
public sealed class MergeSweepTests(StateServer server)
{
    private static readonly string Instance = MergeInstances.IdOf("shop");

    [Fact]
    public async Task Run_MergeWasTerminated_StopsItsJobThenRemovesWhatIsLeft()
    {
        await using var host = await AppHost.StartAsync(server);
        var merge = await StartAsync(host);
        await ReapAsync(host);
        host.Jobs.Canceled.Count.ShouldBe(1, "that of the job that has ended, and no other: it runs");
        await host.Client.TerminateInstanceAsync(Instance, "not now");
        await host.EndAsync(Instance);

        await ReapAsync(host);

        host.Jobs.Canceled[^1].ShouldEndWith("-fetch");
        host.Jobs.StartsOf(JobKinds.DiscardRestore).ShouldBe(0, "its job may still use what is to be removed");
        await CancelAllAsync(host);
        await ReapAsync(host);
        var sweep = host.Jobs.Started[^1];
        (sweep.Kind, sweep.InstanceId).ShouldBe((JobKinds.DiscardRestore, null));
        (sweep.Parameters["restore_id"]!.GetValue<string>(), sweep.Parameters["target_server"]!.GetValue<string>()).ShouldBe((merge.RestoreId, "main"));
        host.Merges().ShouldHaveSingleItem("until it is done");
        await CancelAllAsync(host);
        await ReapAsync(host);
        host.Merges().ShouldBeEmpty();
        await ReapAsync(host);
        host.Jobs.StartsOf(JobKinds.DiscardRestore).ShouldBe(1);
    }

    [Fact]
    public async Task Run_RemovalFails_IsNotForgotten()
    {
        await using var host = await AppHost.StartAsync(server);
        host.Jobs.On(JobKinds.DiscardRestore, Answer.Fails("Server main is away: start it.", ErrorCodes.ServerUnreachable));
        await StartAsync(host);
        await host.Client.TerminateInstanceAsync(Instance, "not now");
        await host.EndAsync(Instance);

        for (var turn = 0; turn < 3; turn++)
        {
            await CancelAllAsync(host);
            await ReapAsync(host);
        }

        host.Merges().ShouldHaveSingleItem();
        host.Jobs.StartsOf(JobKinds.DiscardRestore).ShouldBeInRange(1, 2, "once an hour");
    }

    [Fact]
    public async Task Run_StateWasLost_RemovesAfterTheLastJob()
    {
        await using var host = await AppHost.StartAsync(server);
        host.Service<MergeRegister>().Add(new MergeEntry("20260101000000-1a2b3c4d", Instance, "shop", "main"));

        await ReapAsync(host);

        host.Jobs.Started.ShouldHaveSingleItem().RunId.ShouldStartWith("merge-20260101000000-1a2b3c4d-sweep-");
    }

    [Fact]
    public async Task Run_AFileOfTheRegisterIsDamaged_NamesItAndRemovesWhatOthersLeft()
    {
        await using var host = await AppHost.StartAsync(server);
        var register = host.Service<MergeRegister>();
        register.Add(new MergeEntry("20260101000000-1a2b3c4d", Instance, "shop", "main"));
        var file = Directory.EnumerateFiles(host.Folder, "20260101000000-1a2b3c4d.json", SearchOption.AllDirectories).ShouldHaveSingleItem();
        await File.WriteAllTextAsync(file, "{\"restore_id\":");
        register.Add(new MergeEntry("20260102000000-1a2b3c4d", Instance, "shop", "main"));

        await ReapAsync(host);

        host.Jobs.Started.ShouldHaveSingleItem().RunId.ShouldStartWith("merge-20260102000000-1a2b3c4d-sweep-");
        var damaged = new List<string>();
        register.List(damaged.Add).ShouldHaveSingleItem().RestoreId.ShouldBe("20260102000000-1a2b3c4d");
        damaged.ShouldBe([file]);
    }

    /// <summary>A merge whose download runs on and on.</summary>
    private static async Task<MergeEntry> StartAsync(AppHost host)
    {
        host.Jobs.On(JobKinds.FetchBackup, Answer.Runs("download", 1, 2));
        await host.MergeAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (host.Jobs.StartsOf(JobKinds.FetchBackup) == 0)
        {
            await Task.Delay(20, limit.Token);
        }

        // The scripted runner counts every job as running that nobody has stopped.
        await host.Jobs.CancelAsync(host.Jobs.Started[0].RunId, CancellationToken.None);
        return host.Merges().ShouldHaveSingleItem();
    }

    private static async Task CancelAllAsync(AppHost host)
    {
        foreach (var job in host.Jobs.Started)
        {
            await host.Jobs.CancelAsync(job.RunId, CancellationToken.None);
        }
    }

    private static Task ReapAsync(AppHost host) =>
        new ReapJobs(host.Jobs, host.Service<MergeSweep>(), NullLogger<ReapJobs>.Instance).Run(new TimerInfo(), host.Client, CancellationToken.None);
}

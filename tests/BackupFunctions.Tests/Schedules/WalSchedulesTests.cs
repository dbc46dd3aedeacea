using BackupFunctions.Activities;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.EmbeddedHost;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.Schedules;
using BackupFunctions.Settings;
using BackupFunctions.Tests.Support;
using BackupFunctions.Workflows;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Tests.Schedules;

[Collection(StateServerCollection.Name)]
public sealed class WalSchedulesTests(StateServer server)
{
    [Theory]
    [InlineData("timer", false)]
    [InlineData("continuous", true)]
    public async Task Archiving_AServerThatAsksForIt_HasOneReceiverUntilThatEnds(string mode, bool continuous)
    {
        await using var host = await StartHostAsync(mode);
        host.Jobs.On(JobKinds.ReceiveWal, Answer.Runs("receive", 1, 2));
        var instance = WalArchiving.InstanceOf("walled");

        await ArchiveAsync(host);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (host.Jobs.Started.Count == 0)
        {
            await Task.Delay(20, limit.Token);
        }

        var first = (await host.Client.GetInstanceAsync(instance, limit.Token))!;
        await ArchiveAsync(host);
        (await host.Client.GetInstanceAsync(instance, limit.Token))!.CreatedAt.ShouldBe(first.CreatedAt);
        var started = host.Jobs.Started.ShouldHaveSingleItem().Parameters;
        started["server"]!.GetValue<string>().ShouldBe("walled");
        started["continuous"]!.GetValue<bool>().ShouldBe(continuous);

        await host.Client.TerminateInstanceAsync(instance, "not now");
        await host.EndAsync(instance);
        await ArchiveAsync(host);
        (await host.Client.GetInstanceAsync(instance, limit.Token))!.CreatedAt.ShouldBeGreaterThan(first.CreatedAt);
    }

    [Fact]
    public async Task BaseBackup_ItsWorkflow_GivesTheResultAndHasMissingCopiesFinished()
    {
        await using var host = await StartHostAsync("timer");
        host.Jobs.On(JobKinds.BaseBackup, Answer.Succeeds(Backup));
        host.Jobs.On(JobKinds.VerifyCopies, Answer.Runs("verify", 1, 2));

        var end = await host.EndAsync(await host.Client.ScheduleNewOrchestrationInstanceAsync(nameof(BaseBackup), new BaseBackupParameters("walled", "schedule")));

        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed, end.FailureDetails?.ErrorMessage);
        end.ReadOutputAs<BaseBackupResult>()!.StopLsn.ShouldBe("0/2000100");
        (await host.Client.GetInstanceAsync(StartFinishingCopies.InstanceOf(JobResults.BackupId))).ShouldNotBeNull();
    }

    [Fact]
    public async Task Receiving_AGapIsReported_HasOneBaseBackupTakenAndGoesOn()
    {
        const string Gap = "7301234567890123456-00000001-0000000005000000";
        await using var host = await StartHostAsync("continuous");
        host.Jobs.On(JobKinds.ReceiveWal, Answer.Runs("receive", 1, 2), Answer.NeedsBase(Gap));
        host.Jobs.On(JobKinds.BaseBackup, Answer.Succeeds(Backup));
        await ArchiveAsync(host);

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await host.Client.GetInstanceAsync(StartBaseAfterGap.InstanceOf(Gap), limit.Token) is null)
        {
            await Task.Delay(20, limit.Token);
        }

        var end = await host.EndAsync(StartBaseAfterGap.InstanceOf(Gap));
        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed, end.FailureDetails?.ErrorMessage);
        var looks = host.Jobs.Looks;
        while (host.Jobs.Looks < looks + 2)
        {
            await Task.Delay(20, limit.Token);
        }

        (await host.Client.GetInstanceAsync(WalArchiving.InstanceOf("walled"), limit.Token))!.IsCompleted.ShouldBeFalse();
        await new StartBaseAfterGap().Run(new GapBase("walled", Gap), host.Client, limit.Token);
        host.Jobs.StartsOf(JobKinds.BaseBackup).ShouldBe(1);
        host.Jobs.StartsOf(JobKinds.ReceiveWal).ShouldBe(1);
        host.Jobs.Started.Single(spec => spec.Kind == JobKinds.BaseBackup).Parameters["server"]!.GetValue<string>().ShouldBe("walled");
    }

    [Fact]
    public async Task WeeklyBaseBackup_OnlyServersWhoseLogIsArchived_AreBackedUp()
    {
        await using var host = await StartHostAsync("timer");
        host.Jobs.On(JobKinds.BaseBackup, Answer.Runs("base", 1, 2));

        await new WeeklyBaseBackup(host.Service<BackupSettings>(), NullLogger<WeeklyBaseBackup>.Instance).Run(new TimerInfo(), host.Client, CancellationToken.None);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (host.Jobs.Started.Count == 0)
        {
            await Task.Delay(20, limit.Token);
        }

        host.Jobs.Started.ShouldHaveSingleItem().Parameters["server"]!.GetValue<string>().ShouldBe("walled");
    }

    [Fact]
    public async Task MonthlyArchive_ServersWithLogAndDatabasesOfTheOthers_AreArchivedEach()
    {
        await using var host = await StartHostAsync("timer");
        host.Jobs.On(JobKinds.BaseBackup, Answer.Runs("base", 1, 2));
        host.Jobs.On(JobKinds.FullBackup, Answer.Runs("full", 1, 2));
        var settings = host.Service<BackupSettings>() with { Databases = [new DatabaseSettings("of-walled", "walled"), new DatabaseSettings("of-plain", "plain")] };

        await new MonthlyArchive(settings, NullLogger<MonthlyArchive>.Instance).Run(new TimerInfo(), host.Client, CancellationToken.None);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (host.Jobs.Started.Count < 2)
        {
            await Task.Delay(20, limit.Token);
        }

        host.Jobs.Started.Select(job => (job.Kind, Of: (job.Parameters["server"] ?? job.Parameters["database"])!.GetValue<string>()))
            .ShouldBe([(JobKinds.BaseBackup, "walled"), (JobKinds.FullBackup, "of-plain")], ignoreOrder: true);
        host.Jobs.Started.ShouldAllBe(job => job.Parameters["archive"]!.GetValue<bool>());
    }

    [Fact]
    public async Task DailyIncrementalBackup_AServerThatCanHaveNone_EndsWithTheReason()
    {
        await using var host = await StartHostAsync("timer");
        host.Jobs.On(JobKinds.IncrementalBackup, Answer.Succeeds(new IncrementalBackupResult { Server = "walled", NotTaken = "It is too old." }));

        await new DailyIncrementalBackup(host.Service<BackupSettings>(), NullLogger<DailyIncrementalBackup>.Instance).Run(new TimerInfo(), host.Client, CancellationToken.None);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (host.Jobs.Started.Count == 0)
        {
            await Task.Delay(20, limit.Token);
        }

        var job = host.Jobs.Started.ShouldHaveSingleItem();
        job.Parameters["server"]!.GetValue<string>().ShouldBe("walled");
        var end = await host.EndAsync(job.InstanceId!);
        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed, end.FailureDetails?.ErrorMessage);
        end.ReadOutputAs<IncrementalBackupResult>()!.NotTaken.ShouldBe("It is too old.");
    }

    [Fact]
    public async Task IncrementalBackup_ACopyIsMissing_HasItFinished()
    {
        await using var host = await StartHostAsync("timer");
        host.Jobs.On(JobKinds.IncrementalBackup, Answer.Succeeds(new IncrementalBackupResult { Server = "walled", Backup = Backup }));
        host.Jobs.On(JobKinds.VerifyCopies, Answer.Runs("verify", 1, 2));

        await host.EndAsync(await host.Client.ScheduleNewOrchestrationInstanceAsync(nameof(IncrementalBackup), new IncrementalBackupParameters("walled", "schedule")));

        (await host.Client.GetInstanceAsync(StartFinishingCopies.InstanceOf(JobResults.BackupId))).ShouldNotBeNull();
    }

    private static BaseBackupResult Backup { get; } = new()
    {
        BackupId = JobResults.BackupId,
        Server = "walled",
        Status = BackupStatus.Completed,
        Copies = [new CopyResult("r2", Written: true, Verified: true, Error: null), new CopyResult("b2", Written: false, Verified: false, "away")],
        PlainSize = 10,
        StoredSize = 5,
        Files = 3,
        SystemIdentifier = "7301234567890123456",
        Timeline = 1,
        StartLsn = "0/2000028",
        StopLsn = "0/2000100",
    };

    /// <summary>Its other server has no log archived.</summary>
    private Task<AppHost> StartHostAsync(string mode) => AppHost.StartAsync(
        server, ("Servers:walled:Host", "127.0.0.1"), ("Servers:walled:Wal", mode), ("Servers:plain:Host", "127.0.0.1"), ("WAL_SCHEDULE", "0 0 0 1 1 *"), ("BASE_BACKUP_SCHEDULE", "0 0 0 1 1 *"), ("INCREMENTAL_BACKUP_SCHEDULE", "0 0 0 1 1 *"),
        ("MONTHLY_ARCHIVE_SCHEDULE", "0 0 0 1 1 *"), ("CONFIGURATION_BACKUP_SCHEDULE", "0 0 0 1 1 *"));

    private static Task ArchiveAsync(AppHost host) =>
        new WalArchiving(host.Service<BackupSettings>(), NullLogger<WalArchiving>.Instance).Run(new TimerInfo(), host.Client, CancellationToken.None);
}

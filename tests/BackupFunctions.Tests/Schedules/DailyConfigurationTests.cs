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
public sealed class DailyConfigurationTests(StateServer server)
{
    private static readonly ConfigurationBackupResult Backup = new()
    {
        BackupId = JobResults.BackupId,
        Server = "main",
        Status = BackupStatus.Completed,
        Copies = [new CopyResult("r2", Written: true, Verified: true, Error: null), new CopyResult("b2", Written: false, Verified: false, "away")],
        PlainSize = 10,
        StoredSize = 5,
        Items = 3,
        Missing = ["pg_hba.conf may not be read."],
    };

    [Fact]
    public async Task DailyConfiguration_OfServersInUse_BacksUpEachAndHasCopiesFinished()
    {
        await using var host = await AppHost.StartAsync(
            server, ("Servers:main:Host", "127.0.0.1"), ("Servers:walled:Host", "127.0.0.1"), ("Servers:walled:Wal", "timer"), ("Servers:main-restore:Host", "127.0.0.1"),
            ("Databases:0:Name", "app"), ("Databases:0:Server", "main"), ("WAL_SCHEDULE", "0 0 0 1 1 *"), ("BASE_BACKUP_SCHEDULE", "0 0 0 1 1 *"),
            ("INCREMENTAL_BACKUP_SCHEDULE", "0 0 0 1 1 *"), ("FULL_BACKUP_SCHEDULE", "0 0 0 1 1 *"), ("CONFIGURATION_BACKUP_SCHEDULE", "0 0 0 1 1 *"));
        host.Jobs.On(JobKinds.ConfigurationBackup, Answer.Succeeds(Backup));
        host.Jobs.On(JobKinds.VerifyCopies, Answer.Runs("verify", 1, 2));

        await new DailyConfiguration(host.Service<BackupSettings>(), NullLogger<DailyConfiguration>.Instance).Run(new TimerInfo(), host.Client, CancellationToken.None);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (host.Jobs.StartsOf(JobKinds.ConfigurationBackup) < 2)
        {
            await Task.Delay(20, limit.Token);
        }

        var jobs = host.Jobs.Started.Where(spec => spec.Kind == JobKinds.ConfigurationBackup).ToList();
        jobs.Select(spec => spec.Parameters["server"]!.GetValue<string>()).Order(StringComparer.Ordinal).ShouldBe(["main", "walled"]);
        foreach (var job in jobs)
        {
            var end = await host.EndAsync(job.InstanceId!);
            end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed, end.FailureDetails?.ErrorMessage);
            end.ReadOutputAs<ConfigurationBackupResult>()!.Missing.ShouldHaveSingleItem();
        }

        (await host.Client.GetInstanceAsync(StartFinishingCopies.InstanceOf(JobResults.BackupId))).ShouldNotBeNull();
    }
}

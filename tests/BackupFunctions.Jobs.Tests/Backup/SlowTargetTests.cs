using System.Globalization;
using System.Text.RegularExpressions;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Backup;
using BackupFunctions.Jobs.BaseBackup;
using BackupFunctions.Jobs.Configuration;
using BackupFunctions.Jobs.Tests.Support;

namespace BackupFunctions.Jobs.Tests.Backup;

/// <summary>SLOW_TARGET_ALLOWANCE, whatever the kind of the backup. Without it a backup would wait for the default of 60 s.</summary>
[Collection(ServerCollection.Name)]
public sealed partial class SlowTargetTests(ServerFixture fixture)
{
    [Theory]
    [InlineData(BackupKind.Full)]
    [InlineData(BackupKind.Base)]
    [InlineData(BackupKind.Configuration)]
    public async Task Backup_OneTargetIsSlow_GoesOnWithoutItAfterTheAllowance(BackupKind kind)
    {
        using var site = fixture.NewSite(ServerFixture.Invoices);
        site.Site.Settings["SLOW_TARGET_ALLOWANCE"] = "1";
        var released = new TaskCompletionSource();
        site.Target("b").BeforeCreate = _ => released.Task;
        site.Reporter.OnPhase = phase =>
        {
            if (phase == "verify")
            {
                released.TrySetResult();
            }
        };

        var (status, copies) = await BackUpAsync(kind, site.Environment, Path.Combine(site.Site.RunStore, "run", "state"));

        status.ShouldBe(BackupStatus.Verified);
        copies.Where(copy => copy.Verified).Select(copy => copy.Target).ShouldBe(["a", "c"]);
        var error = copies.Single(copy => !copy.Written).Error.ShouldNotBeNull();
        int.Parse(Waited().Match(error).Groups["seconds"].Value, CultureInfo.InvariantCulture).ShouldBeLessThan(60, error);
    }

    private static async Task<(BackupStatus Status, IReadOnlyList<CopyResult> Copies)> BackUpAsync(BackupKind kind, JobEnvironment environment, string state)
    {
        switch (kind)
        {
            case BackupKind.Base:
                var server = await new BaseBackupJob(environment, state).RunAsync(new BaseBackupParameters("main", "test"), default);
                return (server.Status, server.Copies);
            case BackupKind.Configuration:
                var configuration = await new ConfigurationBackupJob(environment, state).RunAsync(new ConfigurationBackupParameters("main", "test"), default);
                return (configuration.Status, configuration.Copies);
            default:
                var full = await new FullBackupJob(environment, state).RunAsync(new FullBackupParameters(ServerFixture.Invoices, "test"), default);
                return (full.Status, full.Copies);
        }
    }

    [GeneratedRegex("Target b is slow: the backup has waited (?<seconds>[0-9]+) s for it alone", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Waited();
}

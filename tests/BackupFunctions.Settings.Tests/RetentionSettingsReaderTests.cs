using BackupFunctions.Retention.Policies;
using BackupFunctions.Settings.Tests.Support;

namespace BackupFunctions.Settings.Tests;

public sealed class RetentionSettingsReaderTests
{
    private static readonly (string Name, string? Value)[] Targets =
    [
        ("LOCAL_BACKUP_PATH", "/backups"), ("Targets__off-site__Type", "s3"), ("Targets__off-site__Endpoint", "http://ceph:7480"),
        ("Targets__off-site__Bucket", "dr"), ("Targets__off-site__AccessKey", "key"), ("Targets__off-site__SecretKey", "secret"),
    ];

    [Fact]
    public void Read_NothingGiven_AgeWithThirtyDaysLocalAndAYearElsewhere()
    {
        var retention = Given.Settings(Targets).Retention;

        retention.Policy.Kind.ShouldBe(PolicyKind.Age);
        retention.Policy.DaysByTarget["local"].ShouldBe(30);
        retention.Policy.DaysByTarget["off-site"].ShouldBe(365);
        retention.Policy.ArchiveMonths.ShouldBe(12);
        retention.Policy.Grace.ShouldBe(TimeSpan.FromDays(14));
        retention.Policy.RecoveryWindow.ShouldBe(TimeSpan.FromDays(30));
        retention.OrphanAge.ShouldBe(TimeSpan.FromDays(3));
    }

    [Fact]
    public void Read_DaysOfOneTarget_WinOverTheDaysOfAll()
    {
        var days = Given.Settings([.. Targets, ("RETENTION_DAYS", "100"), ("RETENTION_DAYS_OFF_SITE", "700")]).Retention.Policy.DaysByTarget;

        days["local"].ShouldBe(100);
        days["off-site"].ShouldBe(700);
    }

    [Fact]
    public void Read_Gfs_CountsWithItsDefaults()
    {
        var policy = Given.Settings([.. Targets, ("RETENTION_POLICY", "gfs"), ("RETENTION_WEEKLY", "8")]).Retention.Policy;

        (policy.Kind, policy.Daily, policy.Weekly, policy.Monthly).ShouldBe((PolicyKind.Gfs, 7, 8, 12));
    }

    [Fact]
    public void Read_Flat_IsNinetyDays() =>
        Given.Settings([.. Targets, ("RETENTION_POLICY", "flat")]).Retention.Policy.Days.ShouldBe(90);

    [Fact]
    public void Read_TargetsThatAreNotSetUpYet_MayHaveTheirDays() =>
        Given.Settings([.. Targets, ("RETENTION_DAYS_R2", "10"), ("RETENTION_DAYS_B2", "10")]).Retention.Policy.Days.ShouldBe(365);

    [Theory]
    [InlineData("RETENTION_POLICY", "forever", "choose one of age, gfs, flat")]
    [InlineData("RETENTION_DAYS", "0", "whole number from 1")]
    [InlineData("RETENTION_GRACE_DAYS", "0", "whole number from 1")]
    [InlineData("RECOVERY_WINDOW_DAYS", "x", "whole number from 1")]
    [InlineData("RETENTION_ORPHAN_DAYS", "0", "whole number from 1")]
    [InlineData("ARCHIVE_MONTHS", "0", "whole number from 1")]
    [InlineData("RETENTION_DAYS_TAPE", "10", "no target is called tape")]
    [InlineData("RETENTION_DAILY", "10", "does not count backups")]
    public void Read_WrongValue_IsRefusedWithItsName(string name, string value, string why)
    {
        var sentence = Given.Refused([.. Targets, (name, value)]);

        sentence.ShouldContain($"Setting {name} is not usable");
        sentence.ShouldContain(why);
    }

    [Theory]
    [InlineData("gfs", "RETENTION_DAYS", "10", "counts backups, not days")]
    [InlineData("gfs", "RETENTION_DAYS_LOCAL", "10", "only the policy age")]
    [InlineData("flat", "RETENTION_DAYS_LOCAL", "10", "only the policy age")]
    [InlineData("flat", "RETENTION_MONTHLY", "10", "does not count backups")]
    public void Read_SettingThePolicyDoesNotLookAt_IsRefused(string policy, string name, string value, string why) =>
        Given.Refused([.. Targets, ("RETENTION_POLICY", policy), (name, value)]).ShouldContain(why);

    [Fact]
    public void Read_GfsThatKeepsNothing_IsRefused() =>
        Given.Refused([.. Targets, ("RETENTION_POLICY", "gfs"), ("RETENTION_DAILY", "0"), ("RETENTION_WEEKLY", "0"), ("RETENTION_MONTHLY", "0")])
            .ShouldContain("no backup would be kept");
}

using BackupFunctions.Contracts.Backups;
using BackupFunctions.Retention.Policies;
using BackupFunctions.Retention.State;

namespace BackupFunctions.Retention.Tests;

/// <summary>A verified copy and one that was not, whose tombstones are of different days.</summary>
public sealed class VerifiedGateTests
{
    private static readonly DateTimeOffset Now = new(2027, 3, 1, 4, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(null)]
    [InlineData(-3)]
    public void VerifiedCopy_OtherIsNotGoneYet_Waits(int? tombstonedDay)
    {
        var decision = Decide(new KnownCopy("b2", TombstonedAt: Now.AddDays(-15)), Unverified(tombstonedDay));

        decision.Action.ShouldBe(RetentionAction.Blocked);
        decision.Reasons[^1].ShouldBe("its copy on 'local' is not verified, and not gone yet");
    }

    [Fact]
    public void VerifiedCopy_OtherGoesToo_Goes() =>
        Decide(new KnownCopy("b2", TombstonedAt: Now.AddDays(-15)), Unverified(-14)).Action.ShouldBe(RetentionAction.Delete);

    [Fact]
    public void VerifiedCopy_AnotherVerifiedOneStaysAsLong_Goes() => Decide(
        new KnownCopy("b2", TombstonedAt: Now.AddDays(-15)), Unverified(-3), new KnownCopy("r2", TombstonedAt: Now.AddDays(-3))).Action.ShouldBe(RetentionAction.Delete);

    private static KnownCopy Unverified(int? tombstonedDay) =>
        new("local", CopyHealth.Unverified, TombstonedAt: tombstonedDay is { } day ? Now.AddDays(day) : null);

    private static CopyDecision Decide(params KnownCopy[] copies) => new RetentionPlanner().Plan(
            new RetentionState { Backups = [Backup("A", Now.AddDays(-400), copies), Backup("Z", Now.AddDays(-1), new KnownCopy("b2"))] },
            new RetentionPolicy { Kind = PolicyKind.Flat, Days = 90 },
            Now)
        .Copies.Single(copy => copy is { BackupId: "A", Target: "b2" });

    private static KnownBackup Backup(string id, DateTimeOffset at, params KnownCopy[] copies) => new()
    {
        Id = id,
        Database = "app",
        SnapshotAt = at,
        Status = BackupStatus.Verified,
        Copies = copies,
    };
}

using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Logs;
using BackupFunctions.Retention.Policies;
using BackupFunctions.Retention.State;

namespace BackupFunctions.Retention.Tests;

/// <summary>Archives: which copies stay for how long, and how much log with them.</summary>
public sealed class ArchiveTests
{
    private const ulong Segment = 16 << 20;

    private static readonly DateTimeOffset Taken = new(2027, 3, 1, 4, 0, 0, TimeSpan.Zero);
    private static readonly RetentionPolicy Age = new() { DaysByTarget = new Dictionary<string, int>(StringComparer.Ordinal) { ["local"] = 30, ["r2"] = 365 } };

    [Theory]
    [InlineData(PolicyKind.Age)]
    [InlineData(PolicyKind.Gfs)]
    [InlineData(PolicyKind.Flat)]
    public void Archive_OnTheDayBeforeItsTwelveMonthsEnd_StaysWhateverThePolicy(PolicyKind kind)
    {
        // Of 2028 February has 29 days: 365 days end a day too early.
        var plan = Plan(Age with { Kind = kind, Days = 20, Daily = 1, Weekly = 1, Monthly = 1 }, Taken.AddMonths(12).AddHours(-1), Dump("A", Taken, isArchive: true), Newer);

        Action(plan, "A", "r2").ShouldBe(RetentionAction.Keep);
        Reasons(plan, "A", "r2").ShouldContain(reason => reason == "an archive, kept until 2028-03-01");
    }

    [Fact]
    public void Archive_AfterItsMonths_GoesAsAnyBackup() =>
        Action(Plan(Age, Taken.AddMonths(12), Dump("A", Taken, isArchive: true), Newer), "A", "r2").ShouldBe(RetentionAction.Tombstone);

    [Fact]
    public void Archive_OtherNumberOfMonths_Counts()
    {
        var policy = Age with { Kind = PolicyKind.Flat, Days = 10, ArchiveMonths = 3 };

        Action(Plan(policy, Taken.AddMonths(3).AddDays(-1), Dump("A", Taken, isArchive: true), Newer), "A", "r2").ShouldBe(RetentionAction.Keep);
        Action(Plan(policy, Taken.AddMonths(3), Dump("A", Taken, isArchive: true), Newer), "A", "r2").ShouldBe(RetentionAction.Tombstone);
    }

    [Fact]
    public void Archive_TargetWithAShorterLimit_IsSparedItsCopy()
    {
        var plan = Plan(Age, Taken.AddDays(40), Dump("A", Taken, isArchive: true), Newer);

        Action(plan, "A", "local").ShouldBe(RetentionAction.Tombstone);
        Action(plan, "A", "r2").ShouldBe(RetentionAction.Keep);
    }

    [Fact]
    public void Archive_NoVerifiedCopyWhereBackupsStayLong_StaysEverywhere()
    {
        var archive = Dump("A", Taken, isArchive: true) with { Copies = [new KnownCopy("local"), new KnownCopy("r2", CopyHealth.Unverified)] };

        Action(Plan(Age, Taken.AddDays(40), archive, Newer), "A", "local").ShouldBe(RetentionAction.Keep);
    }

    [Fact]
    public void Archive_OnTargetsThatAllHaveShortLimits_StaysOnThoseWithTheLongest()
    {
        var policy = Age with { DaysByTarget = new Dictionary<string, int>(StringComparer.Ordinal) { ["local"] = 30, ["r2"] = 60 } };

        var plan = Plan(policy, Taken.AddDays(200), Dump("A", Taken, isArchive: true), Newer);

        (Action(plan, "A", "local"), Action(plan, "A", "r2")).ShouldBe((RetentionAction.Tombstone, RetentionAction.Keep));
    }

    [Fact]
    public void Archive_KnownToBeBadAsAWhole_IsNotKeptForItself() =>
        Reasons(Plan(Age, Taken.AddDays(400 - 90), Dump("A", Taken, isArchive: true) with { Status = BackupStatus.Failed }, Newer), "A", "r2")
            .ShouldNotContain(reason => reason == "an archive, kept until 2028-03-01");

    [Fact]
    public void Log_OfAnArchiveOfLongAgo_IsKeptFromItsStartToItsStopOnly()
    {
        var archive = Base("A", Taken, 10 * Segment + 40, (12 * Segment) - 1) with { IsArchive = true };
        var newer = Base("B", Taken.AddDays(100), (30 * Segment) + 40, (30 * Segment) + 80);
        var state = new RetentionState
        {
            Backups = [archive, newer],
            Wal = [.. Enumerable.Range(1, 40).Select(number => Log(number, Taken.AddDays(number <= 12 ? -1 : number - 12)))],
        };

        var log = new RetentionPlanner().Plan(state, Age, Taken.AddDays(200)).Wal.ShouldHaveSingleItem();

        log.Expired.All.ShouldBe([new LogSpan(1, 0, 10 * Segment), new LogSpan(1, 12 * Segment, 30 * Segment)]);
        log.Decisions.First(decision => decision.Span.From == 10 * Segment).Reasons.ShouldBe(["needed by base A"]);
        log.Decisions.Where(decision => log.Expired.Holds(decision.Span)).ShouldAllBe(decision => decision.Action == RetentionAction.Tombstone);
    }

    private static KnownBackup Newer => Dump("Z", Taken.AddDays(39), isArchive: false);

    private static KnownBackup Dump(string id, DateTimeOffset at, bool isArchive) => new()
    {
        Id = id,
        Database = "app",
        SnapshotAt = at,
        Status = BackupStatus.Verified,
        IsArchive = isArchive,
        Copies = [new KnownCopy("local"), new KnownCopy("r2")],
    };

    private static KnownBackup Base(string id, DateTimeOffset at, ulong start, ulong stop) => new()
    {
        Id = id,
        Form = BackupForm.Base,
        Database = string.Empty,
        SnapshotAt = at,
        Status = BackupStatus.Verified,
        Copies = [new KnownCopy("r2")],
        Wal = new WalSpan("7301", 1, start, stop),
    };

    private static KnownWal Log(int number, DateTimeOffset at) =>
        new("7301", 1, (ulong)number * Segment, (ulong)(number + 1) * Segment, at, $"{number}", ["r2"]);

    private static RetentionPlan Plan(RetentionPolicy policy, DateTimeOffset now, params KnownBackup[] backups) =>
        new RetentionPlanner().Plan(new RetentionState { Backups = backups }, policy, now);

    private static RetentionAction Action(RetentionPlan plan, string id, string target) => Of(plan, id, target).Action;

    private static IReadOnlyList<string> Reasons(RetentionPlan plan, string id, string target) => Of(plan, id, target).Reasons;

    private static CopyDecision Of(RetentionPlan plan, string id, string target) => plan.Copies.Single(copy => copy.BackupId == id && copy.Target == target);
}

using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Logs;
using BackupFunctions.Retention.Policies;
using BackupFunctions.Retention.State;

namespace BackupFunctions.Retention.Tests.Wal;

public sealed class WalPlanTests
{
    private const string System = "7301";
    private const int Segment = 16 << 20;

    private static readonly DateTimeOffset Now = new(2026, 6, 1, 5, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Old = Now.AddDays(-100);

    [Fact]
    public void Plan_LogBeforeTheBaseOfTheWindow_ExpiresToWholeSegments()
    {
        var plan = Plan([Base("new", 5, 6)], [Epoch("E1", 1, 1, 20)]);

        plan.Expired.All.ShouldBe([new LogSpan(1, 0, At(5))]);
        (plan.Due.IsEmpty, plan.IsNews, plan.SegmentSize).ShouldBe((true, true, Segment));
    }

    [Fact]
    public void Plan_BaseThatFollowedAFailover_KeepsLogOfBothTimelines()
    {
        var crossing = Base("crossing", 5, 8) with { Wal = new WalSpan(System, 1, At(5), At(8) + 7) { StopTimeline = 2 } };
        var plan = Plan(
            [crossing, Base("new", 15, 16, timeline: 2)], [Epoch("E1", 1, 1, 7), Epoch("E2", 2, 6, 20)], [new KnownTimeline(System, 2, 1, At(6) + 3)]);

        plan.Expired.Holds(1, At(5), At(7)).ShouldBeFalse();
        plan.Expired.Holds(2, At(8), At(9)).ShouldBeFalse();
        plan.Expired.Holds(2, At(9), At(15)).ShouldBeTrue();
    }

    [Fact]
    public void Plan_NoGoodBase_NothingExpires() =>
        Plan([Base("new", 5, 6) with { Status = BackupStatus.Completed, Copies = [new KnownCopy("local", CopyHealth.Unverified)] }], [Epoch("E1", 1, 1, 20)]).Expired.IsEmpty.ShouldBeTrue();

    [Fact]
    public void Plan_Epochs_GoWhenAllOfThemExpiredButTheNewestAndTheOneWithTheHistory()
    {
        var plan = Plan(
            [Base("new", 30, 31, timeline: 2)],
            [Epoch("E1", 1, 1, 3), Epoch("E2", 1, 3, 3), Epoch("E3", 2, 6, 8) with { HasHistory = true }, Epoch("E4", 2, 8, 8), Epoch("E5", 2, 8, 9) with { IsHeld = true }, Epoch("E6", 2, 25, 40), Epoch("E7", 2, 40, 40)],
            [new KnownTimeline(System, 2, 1, At(6))]);

        plan.ExpiredEpochs.ShouldBe(["E1", "E4"]);
    }

    [Fact]
    public void Plan_StatementIsTorn_GraceCountsFromIt()
    {
        KnownExpiry[] stated =
        [
            new(System, Now.AddDays(-3)) { Expired = Spans(0, 5), IsEverywhere = true, IsTorn = true },
            new(System, Now.AddDays(-30)) { Expired = Spans(0, 5), IsEverywhere = true },
        ];

        Plan([Base("new", 5, 6)], [Epoch("E1", 1, 1, 20)], stated: stated).Due.IsEmpty.ShouldBeTrue();
        Plan([Base("new", 5, 6)], [Epoch("E1", 1, 1, 20)], stated: [stated[0] with { IsTorn = false }, stated[1]]).Due.All.ShouldBe([new LogSpan(1, 0, At(5))]);
    }

    [Fact]
    public void Plan_StatementIsMissingOnATarget_IsMadeAgain()
    {
        var stated = new KnownExpiry(System, Now.AddDays(-1)) { Expired = Spans(0, 5), IsEverywhere = true };

        Plan([Base("new", 5, 6)], [Epoch("E1", 1, 1, 20)], stated: [stated]).IsNews.ShouldBeFalse();
        Plan([Base("new", 5, 6)], [Epoch("E1", 1, 1, 20)], stated: [stated with { IsEverywhere = false }]).IsNews.ShouldBeTrue();
    }

    private static ulong At(int segment) => (ulong)segment * Segment;

    private static LogSpans Spans(int from, int to) => LogSpans.Of([new LogSpan(1, At(from), At(to))]);

    private static KnownBackup Base(string id, int from, int to, int timeline = 1) => new()
    {
        Id = id,
        Form = BackupForm.Base,
        Database = string.Empty,
        SnapshotAt = Old,
        Status = BackupStatus.Verified,
        Copies = [new KnownCopy("local")],
        Wal = new WalSpan(System, timeline, At(from) + 40, At(to) + 7),
    };

    private static KnownEpoch Epoch(string id, int timeline, int from, int to) => new(System, id, timeline, At(from), At(to), Old, Segment);

    private static WalPlan Plan(
        IReadOnlyList<KnownBackup> bases, IReadOnlyList<KnownEpoch> epochs, IReadOnlyList<KnownTimeline>? timelines = null, IReadOnlyList<KnownExpiry>? stated = null)
    {
        var state = new RetentionState
        {
            Backups = bases,
            Epochs = epochs,
            Timelines = timelines ?? [],
            Expiries = stated ?? [],
            Wal =
            [
                .. epochs.SelectMany(epoch => Enumerable.Range(0, (int)((epoch.EndLsn - epoch.StartLsn) / Segment)).Select(number => epoch.StartLsn + At(number))
                    .Select(start => new KnownWal(System, epoch.Timeline, start, start + Segment, Old, $"{epoch.Timeline}/{start}", ["local"]))),
            ],
        };
        return new RetentionPlanner().Plan(state, new RetentionPolicy(), Now).Wal.ShouldHaveSingleItem();
    }
}

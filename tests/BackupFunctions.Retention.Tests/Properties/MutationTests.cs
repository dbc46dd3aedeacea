using BackupFunctions.Contracts.Logs;
using BackupFunctions.Retention.Gates;
using BackupFunctions.Retention.Policies;
using BackupFunctions.Retention.Rules;
using BackupFunctions.Retention.State;
using BackupFunctions.Retention.Tests.Simulation;

namespace BackupFunctions.Retention.Tests.Properties;

/// <summary>A planner with one of its parts taken out must break a property: the properties see what they are there for.</summary>
public sealed class MutationTests
{
    [Theory]
    [InlineData(nameof(ParentRule), nameof(DependentsGate))]
    [InlineData(nameof(DependentsGate))]
    [InlineData(nameof(LastGoodRule))]
    [InlineData(nameof(RecoveryWindowRule))]
    [InlineData(nameof(VerifiedOutlivesRule))]
    [InlineData(nameof(HoldRule))]
    [InlineData(nameof(PolicyRule))]
    [InlineData(nameof(ArchiveRule))]
    [InlineData(nameof(LockGate))]
    [InlineData(nameof(LeaseGate))]
    public void Properties_WithoutAPartOfThePlanner_AreBroken(params string[] without)
    {
        var planner = new RetentionPlanner(
            [.. RetentionPlanner.DefaultRules.Where(rule => !without.Contains(rule.GetType().Name))],
            [.. RetentionPlanner.DefaultRulesThatFollow.Where(rule => !without.Contains(rule.GetType().Name))],
            [.. RetentionPlanner.DefaultGates.Where(gate => !without.Contains(gate.GetType().Name))]);
        IsBroken(planner.Plan);
    }

    [Fact]
    public void Properties_UnknownIgnored_AreBroken() =>
        IsBroken((state, policy, now) => new RetentionPlanner().Plan(state with { Unknowns = [] }, policy, now));

    [Fact]
    public void Properties_NoGrace_AreBroken() =>
        IsBroken((state, policy, now) => new RetentionPlanner().Plan(state, policy with { Grace = TimeSpan.Zero }, now));

    [Fact]
    public void Properties_ShorterRecoveryWindow_AreBroken() =>
        IsBroken((state, policy, now) => new RetentionPlanner().Plan(state, policy with { RecoveryWindow = TimeSpan.FromDays(1) }, now));

    [Fact]
    public void Properties_LogOfArchivesNotKept_AreBroken() =>
        IsBroken((state, policy, now) => new RetentionPlanner().Plan(
            state with { Backups = [.. state.Backups.Select(backup => backup is { IsArchive: true, Wal: { } wal } ? backup with { Wal = wal with { StartLsn = 0, StopLsn = 0 } } : backup)] },
            policy,
            now));

    [Fact]
    public void Properties_TimelinesTakenForOne_AreBroken() => IsBroken((state, policy, now) =>
    {
        var plan = new RetentionPlanner().Plan(
            state with
            {
                Timelines = [],
                Backups = [.. state.Backups.Select(backup => backup.Wal is { } wal ? backup with { Wal = wal with { Timeline = 1 } } : backup)],
                Wal = [.. state.Wal.Select(wal => wal with { Timeline = 1 })],
                Epochs = [.. state.Epochs.Select(epoch => epoch with { Timeline = 1 })],
            },
            policy,
            now);
        return plan with { Wal = [.. plan.Wal.Select(log => log with { Expired = OnEvery(log.Expired), Due = OnEvery(log.Due) })] };

        LogSpans OnEvery(LogSpans spans) => LogSpans.Of(spans.All.SelectMany(span => Enumerable.Range(1, state.Timelines.Count + 1).Select(timeline => span with { Timeline = timeline })));
    });

    [Fact]
    public void Properties_LogOfAReaderTakenForUnneeded_AreBroken() => IsBroken((state, policy, now) =>
        new RetentionPlanner().Plan(state, policy, now) with { Wal = new RetentionPlanner().Plan(state with { Leases = [] }, policy, now).Wal });

    [Fact]
    public void Properties_BasesNeedNoLog_AreBroken() => IsBroken((state, policy, now) => new RetentionPlanner().Plan(
        state with { Backups = [.. state.Backups.Select(backup => backup.Wal is { } wal ? backup with { Wal = wal with { StopLsn = wal.StartLsn } } : backup)] }, policy, now));

    [Fact]
    public void Properties_LogTakenForOld_AreBroken() => IsBroken((state, policy, now) => new RetentionPlanner().Plan(
        state with { Wal = [.. state.Wal.Select(wal => wal with { At = DateTimeOffset.MinValue })] }, policy, now));

    [Fact]
    public void Properties_SparedLogKeepsItsOldTime_AreBroken() => IsBroken((state, policy, now) => new RetentionPlanner().Plan(
        state with { Expiries = [.. state.Expiries.Select(expiry => expiry with { Expired = LogSpans.Of(state.Expiries.SelectMany(other => other.Expired.All)) })] }, policy, now));

    [Fact]
    public void Properties_EpochsTakenForEmpty_AreBroken() => IsBroken((state, policy, now) => new RetentionPlanner().Plan(
        state with { Epochs = [.. state.Epochs.Select(epoch => epoch with { EndLsn = epoch.StartLsn, At = DateTimeOffset.MinValue })] }, policy, now));

    private static void IsBroken(Func<RetentionState, RetentionPolicy, DateTimeOffset, RetentionPlan> planner)
    {
        var broken = Should.Throw<Exception>(() => Histories.Check(150, 300, steps =>
            new History(planner, Histories.Policies[PolicyKind.Flat]) { Check = Require.All }.Live(steps)));
        broken.ToString().ShouldContain(nameof(PropertyBrokenException));
    }
}

using System.Globalization;
using BackupFunctions.Retention.Gates;
using BackupFunctions.Retention.Policies;
using BackupFunctions.Retention.Rules;
using BackupFunctions.Retention.State;
using BackupFunctions.Retention.Wal;

namespace BackupFunctions.Retention;

/// <summary>
/// Decides what stays and what goes, from what it is told alone. A copy that no rule keeps gets a tombstone; after the grace its data
/// goes, unless something stands against it.
/// </summary>
public sealed class RetentionPlanner
{
    private readonly IReadOnlyList<IKeepRule> _rules;
    private readonly IReadOnlyList<IKeepRule> _rulesThatFollow;
    private readonly IReadOnlyList<IDeletionGate> _gates;

    public RetentionPlanner()
        : this(DefaultRules, DefaultRulesThatFollow, DefaultGates)
    {
    }

    /// <param name="rules">Each says by itself what stays.</param>
    /// <param name="rulesThatFollow">Say what stays because something else does.</param>
    /// <param name="gates">What can stand against a deletion.</param>
    internal RetentionPlanner(IReadOnlyList<IKeepRule> rules, IReadOnlyList<IKeepRule> rulesThatFollow, IReadOnlyList<IDeletionGate> gates) =>
        (_rules, _rulesThatFollow, _gates) = (rules, rulesThatFollow, gates);

    internal static IReadOnlyList<IKeepRule> DefaultRules { get; } = [new PolicyRule(), new ArchiveRule(), new HoldRule(), new LastGoodRule(), new RecoveryWindowRule()];

    internal static IReadOnlyList<IKeepRule> DefaultRulesThatFollow { get; } = [new VerifiedOutlivesRule(), new ParentRule()];

    internal static IReadOnlyList<IDeletionGate> DefaultGates { get; } = [new LockGate(), new LeaseGate(), new DependentsGate(), new VerifiedGate()];

    public RetentionPlan Plan(RetentionState state, RetentionPolicy policy, DateTimeOffset now)
    {
        var context = new PlanContext(state, policy, now);
        var kept = Keep(context);
        var unknown = new UnknownGate(context.Unknowns);
        var decided = new DecidedCopies();
        foreach (var backup in context.Graph.ChildrenFirst)
        {
            foreach (var copy in backup.Copies.Where(copy => copy.Stage != CopyStage.Deleted))
            {
                var decision = kept.Contains(backup, copy)
                    ? Kept(context, kept, backup, copy)
                    : Unneeded(context, unknown, decided, backup, copy);
                decided.Add(decision);
                LockNotice.Check(context, backup, copy, decision);
            }
        }

        return new RetentionPlan(decided.All, [.. new WalPlanner(context, unknown, decided).Plan()], [.. context.Warnings.Order(StringComparer.Ordinal)]);
    }

    private KeptCopies Keep(PlanContext context)
    {
        var kept = new KeptCopies();
        foreach (var rule in _rules)
        {
            rule.Apply(context, kept);
        }

        int before;
        do
        {
            before = kept.Count;
            foreach (var rule in _rulesThatFollow)
            {
                rule.Apply(context, kept);
            }
        }
        while (kept.Count > before);
        return kept;
    }

    private static CopyDecision Kept(PlanContext context, KeptCopies kept, KnownBackup backup, KnownCopy copy) =>
        new(backup.Id, copy.Target, RetentionAction.Keep, kept.ReasonsOf(backup, copy))
        {
            CancelsTombstone = copy.TombstonedAt is not null,
            DeletableAt = copy.TombstonedAt + context.Settings.Grace,
        };

    private CopyDecision Unneeded(PlanContext context, UnknownGate unknown, DecidedCopies decided, KnownBackup backup, KnownCopy copy)
    {
        var (action, reason) = unknown.WhyNot(backup, copy) is { } why ? (RetentionAction.Blocked, why) : Judge(context, decided, backup, copy);
        return new CopyDecision(backup.Id, copy.Target, action, [context.Policy.WhyExpired(backup, copy.Target), reason])
        {
            DeletableAt = copy.TombstonedAt + context.Settings.Grace,
        };
    }

    private (RetentionAction Action, string Reason) Judge(PlanContext context, DecidedCopies decided, KnownBackup backup, KnownCopy copy)
    {
        if (copy is { IsLive: true, TombstonedAt: null })
        {
            return (RetentionAction.Tombstone, "nothing keeps it");
        }

        if (copy.IsLive && copy.TombstonedAt + context.Settings.Grace is { } end && end > context.Now)
        {
            return (RetentionAction.Keep, string.Create(CultureInfo.InvariantCulture, $"tombstoned, its data goes after {end.UtcDateTime:yyyy-MM-dd HH:mm}"));
        }

        return _gates.Select(gate => gate.WhyNot(context, decided, backup, copy)).FirstOrDefault(reason => reason is not null) is { } against
            ? (RetentionAction.Blocked, against)
            : (RetentionAction.Delete, copy.IsLive ? "the grace of its tombstone is over" : "its deletion had begun");
    }
}

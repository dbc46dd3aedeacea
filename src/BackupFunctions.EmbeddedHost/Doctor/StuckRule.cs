using System.Globalization;
using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.Doctor;

/// <summary>
/// When an instance counts as stuck: nothing can wake it, or nothing has for longer than a limit although nothing says that it should
/// still wait. One that was suspended is where somebody wants it, one that waits for a sub-orchestration is judged by that, and one that
/// waits for a timer in the future has time.
/// </summary>
internal static class StuckRule
{
    /// <returns>Why, as a sentence; null when it is not.</returns>
    public static string? Judge(InstanceFacts facts, IReadOnlyList<Wait> waits, string? mismatch, DateTime now, TimeSpan limit)
    {
        if (mismatch is not null)
        {
            return $"The present code does not fit it, and its next turn will fail it: {mismatch}";
        }

        if (facts.Instance.Status == OrchestrationRuntimeStatus.Suspended)
        {
            return null;
        }

        if (waits.FirstOrDefault(wait => wait.IsLost) is { } lost)
        {
            return $"It waits for {Sentences.Of(lost)}, which nobody will ever bring.";
        }

        var due = facts.Events.Where(e => e.IsDue(now)).Select(e => (DateTime?)e.DueSince).Min();
        if (due is { } since && now - since > limit)
        {
            var turns = facts.FailedTurns > 0 ? string.Create(CultureInfo.InvariantCulture, $", and {facts.FailedTurns} turns failed: see the host's log") : string.Empty;
            return $"No host has taken it up although it is due since {Sentences.Of(since)}{turns}.";
        }

        return now - facts.Instance.LastUpdatedAt > limit && !waits.Any(wait => HasTime(wait, now))
            ? $"It has not moved since {Sentences.Of(facts.Instance.LastUpdatedAt)}."
            : null;
    }

    private static bool HasTime(Wait wait, DateTime now) => wait.Kind == WaitKind.SubOrchestration || wait.DueAt > now;
}

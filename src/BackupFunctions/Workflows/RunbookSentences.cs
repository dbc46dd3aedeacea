using System.Globalization;
using BackupFunctions.Contracts.DisasterRecovery;
using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Workflows;

/// <summary>What the runbook says of the point that it has reached, and of what that cost.</summary>
internal static class RunbookSentences
{
    /// <summary>The beginning of a step's detail; empty where a stored dump was brought.</summary>
    public static string Reached(RecoveredPoint? point) => point is null
        ? string.Empty
        : $"recovered to {point.Target}: {point.Lsn} on timeline {point.Timeline}{(point.LastCommitAt is { } at ? $", last transaction committed at {at:yyyy-MM-dd HH:mm:ss.ffffff}Z" : string.Empty)}; dumped ";

    /// <param name="duration">Seconds; null: not known.</param>
    /// <param name="lost">Seconds of work; null: not known.</param>
    /// <returns>A sentence for each objective that was missed.</returns>
    public static IEnumerable<string> OfObjectives(double? duration, double? lost)
    {
        if (lost is { } work && RecoveryObjectives.OfPoint(work) is not ObjectiveStatus.Ok and var rpo)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{rpo.ToString().ToUpperInvariant()}: the last {work:N0} s before the recovery are not in the recovered database (5 min are aimed at, 15 min required).");
        }

        if (duration is { } time && RecoveryObjectives.OfTime(time) is not ObjectiveStatus.Ok and var rto)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{rto.ToString().ToUpperInvariant()}: the recovery took {time:N0} s (15 min are aimed at, 1 h required).");
        }
    }
}

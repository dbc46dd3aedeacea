namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Chaos;

/// <summary>What came of a chaos run.</summary>
/// <param name="Kills">Host processes killed.</param>
/// <param name="Instances">Instances started, sub-orchestrations not counted.</param>
/// <param name="EndedAmidKills">Of those, how many had ended when the killing did.</param>
/// <param name="Settled">Time from the last kill until all had ended.</param>
/// <param name="Effects">Effects of activities that were recorded.</param>
/// <param name="Repeated">Of those, how many more than once.</param>
/// <param name="Decisions">Turns whose histories were compared.</param>
/// <param name="Broken">Promises that were not kept; empty is good.</param>
internal sealed record ChaosReport(
    int Kills,
    int Instances,
    int EndedAmidKills,
    TimeSpan Settled,
    long Effects,
    long Repeated,
    int Decisions,
    IReadOnlyList<string> Broken)
{
    public override string ToString() =>
        $"{Kills} kills, {Instances} instances, {EndedAmidKills} ended amid the kills, the rest {Settled.TotalSeconds:F1} s after the last; " +
        $"{Effects} effects, {Repeated} of them repeated; {Decisions} decisions compared; " +
        (Broken.Count == 0 ? "every promise kept" : string.Join(Environment.NewLine, Broken.Prepend("BROKEN:")));
}

using BackupFunctions.Retention.Policies;
using BackupFunctions.Retention.State;
using BackupFunctions.Retention.Wal;

namespace BackupFunctions.Retention;

/// <summary>What rules and gates look at.</summary>
internal sealed class PlanContext
{
    public PlanContext(RetentionState state, RetentionPolicy settings, DateTimeOffset now)
    {
        State = state;
        Settings = settings;
        Now = now;
        Graph = new BackupGraph(state.Backups);
        Timelines = new TimelinePaths(state);
        Policy = settings.Kind == PolicyKind.Gfs ? new GfsPolicy(settings, state.Backups) : new AgePolicy(settings, now);
        Unknowns = [.. state.Unknowns, .. Timelines.Unknowns, .. Graph.Unknowns];
    }

    public RetentionState State { get; }

    public RetentionPolicy Settings { get; }

    public DateTimeOffset Now { get; }

    public DateTimeOffset WindowBegin => Now - Settings.RecoveryWindow;

    public BackupGraph Graph { get; }

    public TimelinePaths Timelines { get; }

    public IPolicy Policy { get; }

    public IReadOnlyList<UnknownFact> Unknowns { get; }

    public HashSet<string> Warnings { get; } = new(StringComparer.Ordinal);
}

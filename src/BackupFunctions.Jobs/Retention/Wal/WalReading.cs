using BackupFunctions.Retention.State;

namespace BackupFunctions.Jobs.Retention.Wal;

/// <param name="Objects">Archived log, with all copies of each object.</param>
/// <param name="Timelines">Where timelines left their parents.</param>
/// <param name="Unknowns">What could not be found out.</param>
internal sealed record WalReading(IReadOnlyList<KnownWal> Objects, IReadOnlyList<KnownTimeline> Timelines, IReadOnlyList<UnknownFact> Unknowns);

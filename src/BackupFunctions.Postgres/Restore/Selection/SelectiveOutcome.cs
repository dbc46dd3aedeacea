using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Postgres.Restore.Selection;

/// <param name="Restore">As of every restore.</param>
/// <param name="Tables">What the database must hold now: selected tables as in the backup, others by which they are defined without rows.</param>
/// <param name="Sequences">Those that are there, as in the backup.</param>
/// <param name="Selected">How many of the tables were selected.</param>
public sealed record SelectiveOutcome(
    RestoreOutcome Restore, IReadOnlyList<TableDigest> Tables, IReadOnlyList<SequenceValue> Sequences, int Selected)
{
    /// <summary>There are none.</summary>
    public LargeObjectDigest LargeObjects { get; } = new(0, 0, SelectiveRestore.EmptyDigest);
}

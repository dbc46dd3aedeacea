using BackupFunctions.Jobs.Retention.Wal;
using BackupFunctions.Retention.State;

namespace BackupFunctions.Jobs.Retention;

/// <summary>What was found in storage.</summary>
/// <param name="State">What the planner decides by.</param>
/// <param name="Manifests">SHA-256 of the manifest by backup id.</param>
/// <param name="Orphans">Folders without a manifest anywhere.</param>
/// <param name="EndedLeases">What killed readers left, by target.</param>
/// <param name="Log">What else was found of archived log.</param>
internal sealed record RetentionReading(
    RetentionState State,
    IReadOnlyDictionary<string, string> Manifests,
    IReadOnlyList<OrphanFolder> Orphans,
    IReadOnlyList<(string Target, string Key)> EndedLeases,
    WalReading Log);

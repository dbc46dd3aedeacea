using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Jobs.Restore.Physical;

/// <param name="Manifest">Of the restored base backup: system identifier, timeline, and from where to where it needs log.</param>
/// <param name="Downloaded">Bytes of ciphertext read in this run.</param>
/// <param name="Reused">Bytes of ciphertext that an earlier run had already brought.</param>
/// <param name="Targets">Bytes read by target.</param>
/// <param name="Failovers">One sentence for every switch of target.</param>
/// <param name="Tablespaces">Directories beside the data directory that are its further tablespaces.</param>
public sealed record PhysicalRestoreResult(
    Manifest Manifest, long Downloaded, long Reused, IReadOnlyDictionary<string, long> Targets, IReadOnlyList<string> Failovers,
    IReadOnlyList<string> Tablespaces);

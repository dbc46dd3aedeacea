using BackupFunctions.Catalog;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Verify;

/// <summary>One backup and what this run found of its copies.</summary>
/// <param name="Stored">The manifest that its signature proves.</param>
/// <param name="Known">Statements that were there before.</param>
/// <param name="Facts">What they say, by target; only copies that are expected.</param>
/// <param name="States">What was found, in reading order.</param>
/// <param name="Reachable">Targets that take statements.</param>
internal sealed record CheckedBackup(
    StoredManifest Stored,
    IReadOnlyList<Statement> Known,
    IReadOnlyDictionary<string, CopyFacts> Facts,
    IReadOnlyList<CopyState> States,
    IReadOnlyList<IStorageTarget> Reachable)
{
    /// <summary>Names of the targets whose copy was good when it was read.</summary>
    public IReadOnlyList<string> Good => [.. States.Where(state => state.Condition == CopyCondition.Good).Select(state => state.Target.Name)];
}

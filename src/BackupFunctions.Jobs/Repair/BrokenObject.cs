using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Repair;

/// <param name="Item">As the signed manifest describes it.</param>
/// <param name="Key">Where it lies.</param>
/// <param name="Sources">Targets whose object this run read whole and found right, in reading order.</param>
internal sealed record BrokenObject(ManifestObject Item, string Key, IReadOnlyList<IStorageTarget> Sources);

using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Jobs.Repair;

/// <param name="Item">As the signed manifest describes it.</param>
/// <param name="Key">Where it lies.</param>
/// <param name="Sources">
/// What this run read whole and found right: an older version of the target itself first, then other targets in reading order.
/// </param>
internal sealed record BrokenObject(ManifestObject Item, string Key, IReadOnlyList<ObjectSource> Sources);

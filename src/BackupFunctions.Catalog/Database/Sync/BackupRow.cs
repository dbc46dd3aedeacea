using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Catalog.Database.Sync;

/// <param name="Manifest">Without objects and keys.</param>
/// <param name="Sha256">Of the manifest's bytes.</param>
/// <param name="Presence">See <see cref="Presences"/>.</param>
/// <param name="LostAt">When it was first found lost; null: it is not.</param>
/// <param name="Facts">What the statements amount to, over all copies that are known.</param>
internal sealed record BackupRow(Manifest Manifest, string Sha256, string Presence, DateTimeOffset? LostAt, BackupFacts Facts);

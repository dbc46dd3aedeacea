using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Catalog.Database.Sync;

/// <inheritdoc cref="BackupRow"/>
internal sealed record KnownBackup(Manifest Manifest, string Sha256, string Presence, DateTimeOffset? LostAt);

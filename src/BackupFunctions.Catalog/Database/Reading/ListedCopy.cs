namespace BackupFunctions.Catalog.Database.Reading;

/// <param name="Target">The target's name.</param>
/// <param name="ManifestSha256">Null: it has no good one.</param>
/// <param name="Error">Why not.</param>
internal readonly record struct ListedCopy(string Target, string? ManifestSha256, string? Error);

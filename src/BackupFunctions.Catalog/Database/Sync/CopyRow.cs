namespace BackupFunctions.Catalog.Database.Sync;

/// <param name="Target">The target's name.</param>
/// <param name="State">See <see cref="CopyStates"/>.</param>
/// <param name="ManifestSha256">Of its manifest; null: it has no good one.</param>
/// <param name="Error">Why its manifest is not good; null otherwise.</param>
internal sealed record CopyRow(string Target, string State, string? ManifestSha256, string? Error)
{
    public DateTimeOffset? VerifiedAt { get; init; }
    public DateTimeOffset? CheckedAt { get; init; }
    public DateTimeOffset? TombstonedAt { get; init; }
    public DateTimeOffset? DeletedAt { get; init; }
}

namespace BackupFunctions.Catalog;

/// <param name="Backups">Newest first.</param>
/// <param name="Unreadable">Targets and backups that could not be read, a sentence each: what is listed may not be all.</param>
public sealed record BackupListing(IReadOnlyList<BackupRecord> Backups, IReadOnlyList<string> Unreadable)
{
    /// <summary>Names of the targets that could not be listed.</summary>
    public IReadOnlyList<string> UnreadableTargets { get; init; } = [];
}

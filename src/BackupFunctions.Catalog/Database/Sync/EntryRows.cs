namespace BackupFunctions.Catalog.Database.Sync;

/// <summary>What the catalog holds of one backup id.</summary>
/// <param name="BackupId">The id.</param>
/// <param name="ListedOn">Targets, parallel to <paramref name="Listed"/>.</param>
/// <param name="Listed">See <see cref="ListedBackup.Listed"/>.</param>
/// <param name="IsSettled">Everything was in good order: read again only when a listing changes, or its time comes.</param>
/// <param name="Backup">Null: no good manifest was ever read.</param>
/// <param name="Copies">In reading order.</param>
/// <param name="Statements">By name.</param>
internal sealed record EntryRows(
    string BackupId,
    string[] ListedOn,
    long[] Listed,
    bool IsSettled,
    BackupRow? Backup,
    IReadOnlyList<CopyRow> Copies,
    IReadOnlyList<StatementRow> Statements);

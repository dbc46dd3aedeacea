namespace BackupFunctions.Catalog.Database.Sync;

/// <summary>What the catalog knew of a backup id before.</summary>
internal sealed class KnownEntry
{
    public static KnownEntry None { get; } = new();

    public Dictionary<string, long> Listed { get; } = new(StringComparer.Ordinal);

    public KnownBackup? Backup { get; set; }

    public List<CopyRow> Copies { get; } = [];

    public List<StatementRow> Statements { get; } = [];
}

using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Catalog.Database.Reading;

/// <summary>Rows of one backup id.</summary>
internal sealed class ListedEntry(string backupId)
{
    public string BackupId { get; } = backupId;

    public Manifest? Manifest { get; set; }

    public string? Sha256 { get; set; }

    public bool IsLost { get; set; }

    public List<ListedCopy> Copies { get; } = new(3);

    public List<ListedStatement> Statements { get; } = new(1);
}

namespace BackupFunctions.Jobs.Restore.Physical.Tablespaces;

/// <summary>Where a restore puts the further tablespaces of a backup.</summary>
public sealed record TablespaceMapping
{
    /// <summary>Where they were.</summary>
    public static readonly TablespaceMapping Old = new();

    /// <summary>New locations by the old one, absolute paths; who is not in it goes where it was.</summary>
    public IReadOnlyDictionary<string, string> Moved { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>All of them go below this folder, each into one named by its oid; null: as <see cref="Moved"/> says.</summary>
    public string? Folder { get; init; }
}

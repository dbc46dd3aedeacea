namespace BackupFunctions.Contracts.Manifests;

/// <summary><c>contents.tink</c> of a base backup: where its objects belong below the data directory.</summary>
public sealed record BaseContents
{
    public required IReadOnlyList<ArchivePart> Parts { get; init; }

    /// <summary>Below the data directory, a parent before its children; empty ones too.</summary>
    public required IReadOnlyList<BaseEntry> Directories { get; init; }

    /// <summary>Of every file that <see cref="Files"/> does not list; octal, for example 0600.</summary>
    public required string FileMode { get; init; }

    /// <summary>Files with another mode.</summary>
    public IReadOnlyList<BaseEntry> Files { get; init; } = [];

    /// <summary>Further tablespaces. A restore chooses where they go, and writes the file tablespace_map itself.</summary>
    public IReadOnlyList<BaseTablespace> Tablespaces { get; init; } = [];
}

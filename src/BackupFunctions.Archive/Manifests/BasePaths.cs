using System.Globalization;

namespace BackupFunctions.Archive.Manifests;

/// <summary>Files of a data directory that a base backup treats in a way of their own.</summary>
public static class BasePaths
{
    /// <summary>A data directory without it is not one that a server starts from.</summary>
    public const string ControlFile = "global/pg_control";

    /// <summary>The server's list of its files, with checksums.</summary>
    public const string Manifest = "backup_manifest";

    /// <summary>Holds a link for each further tablespace.</summary>
    public const string Tablespaces = "pg_tblspc";

    /// <summary>Where the files of a tablespace are listed.</summary>
    public static string OfTablespace(long oid) => string.Create(CultureInfo.InvariantCulture, $"{Tablespaces}/{oid}");
}

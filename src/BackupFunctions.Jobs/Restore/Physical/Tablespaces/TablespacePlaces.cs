using System.Globalization;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.BaseBackup;

namespace BackupFunctions.Jobs.Restore.Physical.Tablespaces;

/// <summary>
/// Where each further tablespace of a restore goes. Files are written straight to there, never through a link; the links in pg_tblspc are made
/// here, and tablespace_map is written so that the server, which makes them once more when it begins to recover, makes the same.
/// </summary>
internal sealed class TablespacePlaces
{
    public static readonly TablespacePlaces None = new([]);

    private const string Prefix = BasePaths.Tablespaces + "/";

    private readonly IReadOnlyList<(BaseTablespace Tablespace, string Location)> _all;
    private readonly Dictionary<string, string> _locations;

    private TablespacePlaces(IReadOnlyList<(BaseTablespace Tablespace, string Location)> all)
    {
        _all = all;
        _locations = all.ToDictionary(item => item.Tablespace.Oid.ToString(CultureInfo.InvariantCulture), item => item.Location, StringComparer.Ordinal);
    }

    public bool IsEmpty => _all.Count == 0;

    public IEnumerable<string> Locations => _all.Select(item => item.Location);

    /// <summary>Location and bytes of each.</summary>
    public IEnumerable<(string Location, long Bytes)> Sizes => _all.Select(item => (item.Location, item.Tablespace.Size));

    /// <summary>What tablespace_map holds.</summary>
    public string Map => TablespaceMap.Format(_all.Select(item => KeyValuePair.Create(item.Tablespace.Oid, item.Location)));

    /// <param name="tablespaces">Of the backup, authentic.</param>
    /// <param name="mapping">What the user wants.</param>
    /// <param name="dataDirectory">A full path.</param>
    /// <exception cref="PgdrException">settings.invalid: a location cannot be one.</exception>
    public static TablespacePlaces Choose(IReadOnlyList<BaseTablespace> tablespaces, TablespaceMapping mapping, string dataDirectory)
    {
        var olds = tablespaces.Select(tablespace => Trim(tablespace.Location)).ToHashSet(StringComparer.Ordinal);
        var moved = mapping.Moved.ToDictionary(item => Trim(item.Key), item => item.Value, StringComparer.Ordinal);
        if (moved.Keys.FirstOrDefault(old => !olds.Contains(old)) is { } unknown)
        {
            throw Invalid($"The backup has no tablespace at {unknown} ({(olds.Count == 0 ? "it has no further tablespaces" : $"there are {string.Join(", ", olds)}")}): correct --tablespace-map.");
        }

        var places = new TablespacePlaces([.. tablespaces.Select(tablespace => (tablespace, Find(tablespace, mapping.Folder, moved)))]);
        places.RequireApart(dataDirectory);
        return places;
    }

    /// <summary>Every location is absent or an empty directory.</summary>
    /// <exception cref="PgdrException">database.exists</exception>
    public void RequireEmpty()
    {
        foreach (var (tablespace, location) in _all)
        {
            if (File.Exists(location) || (Directory.Exists(location) && Directory.EnumerateFileSystemEntries(location).Any()))
            {
                throw new PgdrException(
                    ErrorCodes.DatabaseExists,
                    $"{location}, where a tablespace would go, is not an empty directory: name another one with --tablespace-map {Trim(tablespace.Location)}=NEW, nothing is ever overwritten.");
            }
        }
    }

    /// <summary>Where a path of the backup goes; null: it is not of a tablespace.</summary>
    public string? FileOf(string path)
    {
        if (IsEmpty || !path.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var end = path.IndexOf('/', Prefix.Length);
        return !_locations.TryGetValue(end < 0 ? path[Prefix.Length..] : path[Prefix.Length..end], out var location) ? null
            : end < 0 ? location
            : Path.Combine(location, path[(end + 1)..]);
    }

    /// <summary>Links and map, over those of an earlier run.</summary>
    public void Write(string dataDirectory)
    {
        if (IsEmpty)
        {
            return;
        }

        foreach (var (oid, location) in _locations)
        {
            var link = Path.Combine(dataDirectory, BasePaths.Tablespaces, oid);
            File.Delete(link);
            File.CreateSymbolicLink(link, location);
        }

        var map = Path.Combine(dataDirectory, TablespaceMap.FileName);
        File.Delete(map);
        using var file = new StreamWriter(map, new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        file.Write(Map);
    }

    /// <summary>All that was written lies on disk.</summary>
    public void Flush()
    {
        foreach (var (oid, location) in _locations)
        {
            // A directory cannot be opened here: a file stands for its file system, and the server does not mind it.
            var file = Path.Combine(location, $".pgdr-flush-{oid}");
            File.WriteAllBytes(file, []);
            FileSystemFlush.Run(file);
            File.Delete(file);
        }
    }

    private static string Find(BaseTablespace tablespace, string? folder, Dictionary<string, string> moved)
    {
        if (folder is not null)
        {
            return Path.Combine(Path.GetFullPath(folder), tablespace.Oid.ToString(CultureInfo.InvariantCulture));
        }

        var location = moved.GetValueOrDefault(Trim(tablespace.Location), tablespace.Location);
        return Path.IsPathFullyQualified(location) && !location.Any(char.IsControl)
            ? Trim(Path.GetFullPath(location))
            : throw Invalid($"'{location.ReplaceLineEndings("?")}' cannot be the location of a tablespace: name an absolute path with --tablespace-map.");
    }

    private void RequireApart(string dataDirectory)
    {
        var others = new List<string> { Trim(dataDirectory) };
        foreach (var location in Locations)
        {
            if (others.Find(other => IsWithin(location, other) || IsWithin(other, location)) is { } other)
            {
                throw Invalid(
                    $"The tablespace location {location} and {other} cannot lie one within the other: "
                    + "tablespaces and the data directory each need a directory of their own, named with --tablespace-map.");
            }

            others.Add(location);
        }
    }

    private static bool IsWithin(string path, string folder) => (path + "/").StartsWith(folder is "/" ? folder : folder + "/", StringComparison.Ordinal);

    private static string Trim(string path) => path is "/" ? path : path.TrimEnd('/');

    private static PgdrException Invalid(string sentence) => new(ErrorCodes.InvalidSettings, sentence);
}

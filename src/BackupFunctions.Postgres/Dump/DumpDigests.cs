using System.Collections.Concurrent;
using System.Globalization;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Digests;

namespace BackupFunctions.Postgres.Dump;

/// <summary>Digests of a dump's files as they pass, told apart by their names (pg_backup_directory.c).</summary>
internal sealed class DumpDigests
{
    private const string Data = ".dat";
    private const string LargeObject = "blob_";

    private readonly ConcurrentDictionary<int, (long Rows, string Digest)> _tables = new();
    private readonly LargeObjectTotals _largeObjects = new();

    public LargeObjectDigest LargeObjects => _largeObjects.ToDigest();

    /// <summary>What takes the bytes of this file: <c>3444.dat</c> is table data, <c>blob_16426.dat</c> a large object, others count for nothing.</summary>
    public IFileDigest ForFile(string name)
    {
        if (name.EndsWith(Data, StringComparison.Ordinal))
        {
            var stem = name.AsSpan(0, name.Length - Data.Length);
            if (int.TryParse(stem, NumberStyles.None, CultureInfo.InvariantCulture, out var dumpId))
            {
                return new TableFileDigest(digest => _tables[dumpId] = digest);
            }

            if (stem.StartsWith(LargeObject, StringComparison.Ordinal)
                && uint.TryParse(stem[LargeObject.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var oid))
            {
                return new LargeObjectFileDigest(oid, _largeObjects);
            }
        }

        return NoFileDigest.Instance;
    }

    /// <summary>Brings files, table of contents and catalog together. Every part must be there.</summary>
    public IReadOnlyList<TableDigest> Tables(IEnumerable<ArchiveEntry> contents, IReadOnlyDictionary<long, CatalogTable> catalog)
    {
        var tables = new List<TableDigest>();
        foreach (var entry in contents.Where(static entry => entry.Kind == ArchiveEntryKind.TableData))
        {
            if (!catalog.TryGetValue(entry.ObjectOid, out var table) || !_tables.TryGetValue(entry.DumpId, out var found))
            {
                throw new PgdrException(
                    ErrorCodes.ToolFailed, $"pg_dump lists table data that was not seen ({entry.Description}); run the backup again.");
            }

            tables.Add(new TableDigest(table.Schema, table.Name, table.Columns, table.Filter, found.Rows, found.Digest));
        }

        return [.. tables.OrderBy(static table => table.Schema, StringComparer.Ordinal).ThenBy(static table => table.Name, StringComparer.Ordinal)];
    }
}

using System.Globalization;
using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Tenants;

/// <summary>
/// Looks at the rows of one table while they pass, whatever had selected them: whose tenant the stored bytes name, and how far the values
/// of sequences go.
/// </summary>
internal sealed class TenantScanner
{
    private const int MostValues = 64;

    private readonly Dictionary<string, long> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<CatalogSequenceUse, (long Value, bool Unreadable)> _sequences = [];
    private readonly ILookup<int, CatalogSequenceUse> _uses;
    private readonly PlannedTable _table;
    private readonly CopyFields _fields;
    private readonly int _column;
    private byte[] _known = [];
    private long _knownRows;

    public TenantScanner(PlannedTable table)
    {
        _table = table;
        List<string> columns = [.. table.Relation.Columns];
        _column = table.Table.Column is { } column ? columns.IndexOf(column) : -1;
        _uses = table.Sequences.Where(use => columns.Contains(use.Column!, StringComparer.Ordinal)).ToLookup(use => columns.IndexOf(use.Column!));
        _fields = new CopyFields([.. _uses.Select(static use => use.Key), .. _column >= 0 ? [_column] : Array.Empty<int>()], Take);
    }

    /// <summary>The furthest value by sequence; null: not all of them are numbers that the sequence can have.</summary>
    public IEnumerable<(CatalogSequenceUse Use, long? Value)> Sequences =>
        _sequences.Select(static pair => (pair.Key, pair.Value.Unreadable ? null : (long?)pair.Value.Value));

    public void Append(ReadOnlySpan<byte> bytes) => _fields.Append(bytes);

    /// <summary>The server says of every value that was seen whether it is the tenant's.</summary>
    /// <returns>Rows of other tenants.</returns>
    /// <exception cref="PgdrException">tenant.foreign-rows, before the table was read to its end: there are too many other tenants.</exception>
    public async Task<long> CountForeignAsync(NpgsqlConnection connection, string tenant, ISet<string> good, CancellationToken cancellationToken)
    {
        Settle();
        var foreign = 0L;
        foreach (var (value, rows) in _values)
        {
            var known = $"{_table.Table.ColumnType}\0{value}";
            if (good.Contains(known))
            {
                continue;
            }

            var equal = await connection.SingleAsync<bool>(
                $"select coalesce(convert_from($1, getdatabaseencoding())::{_table.Table.ColumnType} {_table.Table.ColumnEquals} {Sql.Literal(tenant)}::{_table.Table.ColumnType}, false)",
                cancellationToken,
                CopyText.Unescape(Convert.FromHexString(value)));
            if (equal)
            {
                good.Add(known);
            }
            else
            {
                foreign += rows;
            }
        }

        return foreign;
    }

    private void Take(int field, ReadOnlySpan<byte> bytes)
    {
        if (field == _column)
        {
            if (_knownRows == 0 || !bytes.SequenceEqual(_known))
            {
                Settle();
                _known = bytes.ToArray();
            }

            _knownRows++;
        }

        foreach (var use in _uses[field])
        {
            Take(use, bytes);
        }
    }

    private void Settle()
    {
        if (_knownRows == 0)
        {
            return;
        }

        var value = Convert.ToHexString(_known);
        _values[value] = _values.GetValueOrDefault(value) + _knownRows;
        _knownRows = 0;
        if (_values.Count > MostValues)
        {
            throw new PgdrException(
                ErrorCodes.TenantForeignRows, $"Rows of many tenants were read from table {_table.Relation.Title} in place of one tenant's: nothing is stored, report it.");
        }
    }

    private void Take(CatalogSequenceUse use, ReadOnlySpan<byte> bytes)
    {
        if (bytes.SequenceEqual("\\N"u8))
        {
            return;
        }

        var isNumber = long.TryParse(bytes, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= use.Least && value <= use.Most;
        var (furthest, unreadable) = _sequences.TryGetValue(use, out var before) ? before : (value, false);
        _sequences[use] = (use.Ascending ? Math.Max(furthest, value) : Math.Min(furthest, value), unreadable || !isNumber);
    }
}

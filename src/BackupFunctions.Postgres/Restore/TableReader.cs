using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Digests;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Restore;

/// <summary>Counts and digests a table by COPY, the way its dump was made.</summary>
internal static class TableReader
{
    /// <summary>With the columns and filter of the expected digest; the answer replaces its rows and digest.</summary>
    public static async Task<TableDigest> ReadAsync(
        NpgsqlConnection connection, TableDigest expected, string encoding, CancellationToken cancellationToken)
    {
        using var digest = new CopyTextDigest();
        await CopyExport.ReadAsync(
            connection,
            Statement(expected, encoding),
            bytes =>
            {
                digest.Append(bytes.Span);
                return ValueTask.CompletedTask;
            },
            cancellationToken);
        return expected with { Rows = digest.Rows, Digest = digest.Hex };
    }

    // The database's own encoding, as pg_dump writes it: Npgsql's session is in UTF8.
    private static string Statement(TableDigest table, string encoding)
    {
        var name = $"{Sql.Identifier(table.Schema)}.{Sql.Identifier(table.Name)}";
        var columns = string.Join(", ", table.Columns.Select(Sql.Identifier));
        var source = table.Filter is { } filter
            ? $"(SELECT {columns} FROM ONLY {name} {filter})"
            : table.Columns.Count == 0 ? name : $"{name} ({columns})";
        return $"COPY {source} TO STDOUT (ENCODING {Sql.Literal(encoding)})";
    }
}

using System.Buffers;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Digests;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Restore;

/// <summary>Counts and digests a table by COPY, the way its dump was made.</summary>
internal static class TableReader
{
    private const int BufferSize = 256 * 1024;

    /// <summary>With the columns and filter of the expected digest; the answer replaces its rows and digest.</summary>
    public static async Task<TableDigest> ReadAsync(
        NpgsqlConnection connection, TableDigest expected, string encoding, CancellationToken cancellationToken)
    {
        using var digest = new CopyTextDigest();
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            using var copy = await connection.BeginTextExportAsync(Statement(expected, encoding), cancellationToken);
            // The bytes below the reader, as the server sent them.
            var bytes = copy.BaseStream;
            int filled;
            while ((filled = await FillAsync(bytes, buffer, cancellationToken)) > 0)
            {
                digest.Append(buffer.AsSpan(0, filled));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return expected with { Rows = digest.Rows, Digest = digest.Hex };
    }

    /// <summary>The stream gives one row a call; the digest likes more.</summary>
    private static async ValueTask<int> FillAsync(Stream copy, byte[] buffer, CancellationToken cancellationToken)
    {
        var filled = 0;
        int read;
        while (filled < buffer.Length && (read = await copy.ReadAsync(buffer.AsMemory(filled), cancellationToken)) > 0)
        {
            filled += read;
        }

        return filled;
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

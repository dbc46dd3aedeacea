using System.Buffers;
using Npgsql;

namespace BackupFunctions.Postgres.Servers;

/// <summary>Rows as COPY text, as the server sent them.</summary>
internal static class CopyExport
{
    private const int BufferSize = 256 * 1024;

    /// <param name="connection">Open, and otherwise idle.</param>
    /// <param name="statement">COPY ... TO STDOUT in text format.</param>
    /// <param name="take">Takes the bytes in order; the memory is valid until its task ends.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task ReadAsync(
        NpgsqlConnection connection, string statement, Func<ReadOnlyMemory<byte>, ValueTask> take, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            using var copy = await connection.BeginTextExportAsync(statement, cancellationToken);
            // The bytes below the reader, as the server sent them.
            var bytes = copy.BaseStream;
            int filled;
            while ((filled = await FillAsync(bytes, buffer, cancellationToken)) > 0)
            {
                await take(buffer.AsMemory(0, filled));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The stream gives one row a call; who takes them likes more.</summary>
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
}

using System.Buffers;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Merge;

/// <summary>Rows of the backup into a temporary table of the live database, as they pass.</summary>
internal static class MergeStage
{
    private const int BufferSize = 256 * 1024;

    /// <param name="backup">Open, and otherwise idle.</param>
    /// <param name="live">In the transaction of the merge.</param>
    /// <param name="table">Whose rows.</param>
    /// <param name="filter">Which rows "b", as SQL.</param>
    /// <param name="encoding">The backup's own, as text: no row passes through another one.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task FillAsync(
        NpgsqlConnection backup, NpgsqlConnection live, MergeTable table, string filter, string encoding, CancellationToken cancellationToken)
    {
        await live.ExecuteAsync(table.CreateStage(), cancellationToken);
        var form = $"(ENCODING {Sql.Literal(encoding)})";
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            using var rows = await backup.BeginTextExportAsync($"COPY (SELECT {table.Names} FROM {table.Backup.Rows} b WHERE {filter}) TO STDOUT {form}", cancellationToken);
            await using var import = (NpgsqlCopyTextWriter)await live.BeginTextImportAsync($"COPY {table.Stage} ({table.StageNames}) FROM STDIN {form}", cancellationToken);
            var bytes = ((NpgsqlCopyTextReader)rows).BaseStream;
            int read;
            while ((read = await bytes.ReadAsync(buffer, cancellationToken)) > 0)
            {
                await import.BaseStream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        await live.ExecuteAsync($"analyze {table.Stage}", cancellationToken);
    }
}

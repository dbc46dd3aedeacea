using System.Buffers;
using System.Collections.Concurrent;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Restore;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Tenants;

/// <summary>Rows from files of COPY text into tables that have no keys and triggers yet, several tables at once.</summary>
internal static class TenantLoad
{
    private const int BufferSize = 256 * 1024;

    public static async Task RunAsync(
        ServerConnection server,
        string database,
        string folder,
        BackupContents contents,
        int jobs,
        IProgress<RestoreProgress>? progress,
        CancellationToken cancellationToken)
    {
        var digests = contents.Tables.ToDictionary(static table => (table.Schema, table.Name));
        List<(TenantTable Table, TableDigest Digest)> tables =
            [.. contents.Tenant!.Tables.Where(static table => table.File is not null).Select(table => (table, digests[(table.Schema, table.Name)]))];
        var idle = new ConcurrentBag<NpgsqlConnection>();
        var done = 0;
        try
        {
            await Parallel.ForEachAsync(
                tables,
                new ParallelOptions { MaxDegreeOfParallelism = jobs, CancellationToken = cancellationToken },
                async (each, token) =>
                {
                    var connection = idle.TryTake(out var used) ? used : await ComparisonConnection.OpenAsync(server, database, token);
                    idle.Add(await LoadAsync(connection, folder, each.Table.File!, each.Digest, contents.Database.Encoding, token));
                    progress?.Report(new RestoreProgress(Interlocked.Increment(ref done), tables.Count, $"TABLE DATA {each.Table.Schema} {each.Table.Name}"));
                });
        }
        finally
        {
            foreach (var connection in idle)
            {
                await connection.DisposeAsync();
            }
        }
    }

    private static async Task<NpgsqlConnection> LoadAsync(
        NpgsqlConnection connection, string folder, string file, TableDigest table, string encoding, CancellationToken cancellationToken)
    {
        var columns = table.Columns.Count == 0 ? string.Empty : $" ({string.Join(", ", table.Columns.Select(Sql.Identifier))})";
        var name = TenantPredicate.Name(table.Schema, table.Name);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            await using var rows = File.OpenRead(Path.Combine(folder, Path.GetFileName(file)));
            await using var import = (NpgsqlCopyTextWriter)await connection.BeginTextImportAsync($"COPY {name}{columns} FROM STDIN (ENCODING {Sql.Literal(encoding)})", cancellationToken);
            int read;
            while ((read = await rows.ReadAsync(buffer, cancellationToken)) > 0)
            {
                // The bytes below the writer: they are in the database's own encoding.
                await import.BaseStream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
        catch (PostgresException exception)
        {
            await connection.DisposeAsync();
            throw new PgdrException(
                exception.SqlState == PostgresErrorCodes.DiskFull ? ErrorCodes.DiskFull : ErrorCodes.ToolFailed,
                $"Rows of table {table.Schema}.{table.Name} cannot be restored ({exception.SqlState}): see the server's log, and restore again.", exception);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return connection;
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Restore;

/// <summary>Each part answers with one phrase for each difference, empty when all is the same.</summary>
internal sealed class ComparisonRun(
    ServerConnection server, string scratch, IReadOnlyList<TableDigest> tables, IProgress<ComparisonProgress>? progress)
{
    // Tables of extensions hold data of the dump only when they are configuration: those are expected by name.
    private const string UserTables = """
        select n.nspname::text, c.relname::text,
               exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'), c.relpages
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'r' and n.nspname !~ '^pg_(catalog|toast|temp_|toast_temp_)' and n.nspname <> 'information_schema'
        order by 1, 2
        """;

    private int _done;
    private long _rows;

    public async Task<IReadOnlyList<string>> TablesAsync(int parallelism, CancellationToken cancellationToken)
    {
        string encoding;
        List<(string Schema, string Name, bool OfExtension, int Pages)> present;
        await using (var connection = await OpenAsync(cancellationToken))
        {
            encoding = await connection.SingleAsync<string>("show server_encoding", cancellationToken);
            present = await connection.QueryAsync(
                UserTables, static row => (row.GetString(0), row.GetString(1), row.GetBoolean(2), row.GetInt32(3)), cancellationToken);
        }

        var pages = present.ToDictionary(static table => (table.Schema, table.Name), static table => table.Pages);
        var expected = tables.Select(static table => (table.Schema, table.Name)).ToHashSet();
        var missing = tables.Where(table => !pages.ContainsKey((table.Schema, table.Name))).Select(static table => $"table {Name(table)} is missing");
        var extra = present.Where(table => !table.OfExtension && !expected.Contains((table.Schema, table.Name)))
            .Select(static table => $"table {Name(table.Schema, table.Name)} is not in the backup");
        // The largest first, so that none of them is what everybody waits for at the end.
        var readable = tables.Where(table => pages.ContainsKey((table.Schema, table.Name)))
            .OrderByDescending(table => pages[(table.Schema, table.Name)]).ThenByDescending(static table => table.Rows);
        var different = await DifferentAsync([.. readable], encoding, parallelism, cancellationToken);
        return [.. missing, .. extra, .. different];
    }

    public async Task<IReadOnlyList<string>> LargeObjectsAsync(LargeObjectDigest expected, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        var found = await LargeObjectReader.ReadAsync(connection, cancellationToken);
        return found == expected ? [] : [$"large objects are expected as {expected} and found as {found}"];
    }

    public async Task<IReadOnlyList<string>> SequencesAsync(IReadOnlyList<SequenceValue> expected, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        var names = expected.Select(static sequence => sequence.QualifiedName).ToHashSet(StringComparer.Ordinal);
        var found = await SequenceReader.ReadAsync(connection, names, cancellationToken);
        return
        [
            .. expected.Where(each => !found.TryGetValue(each.QualifiedName, out var value) || value != each).Select(each =>
                $"sequence {each.QualifiedName} is expected at {Value(each)} and found {(found.TryGetValue(each.QualifiedName, out var value) ? $"at {Value(value)}" : "missing")}"),
            .. found.Keys.Where(name => !names.Contains(name)).Select(static name => $"sequence {name} is not in the backup"),
        ];
    }

    private async Task<IReadOnlyList<string>> DifferentAsync(
        IReadOnlyList<TableDigest> readable, string encoding, int parallelism, CancellationToken cancellationToken)
    {
        var queue = new ConcurrentQueue<TableDigest>(readable);
        var differences = new ConcurrentQueue<string>();
        var workers = Enumerable.Range(0, Math.Clamp(readable.Count, 0, parallelism)).Select(_ => Task.Run(WorkAsync, cancellationToken));
        await Task.WhenAll(workers);
        return [.. differences.Order(StringComparer.Ordinal)];

        async Task WorkAsync()
        {
            await using var connection = await OpenAsync(cancellationToken);
            while (queue.TryDequeue(out var expected))
            {
                if (await DifferenceAsync(connection, expected, encoding, cancellationToken) is { } difference)
                {
                    differences.Enqueue(difference);
                }
            }
        }
    }

    private async Task<string?> DifferenceAsync(
        NpgsqlConnection connection, TableDigest expected, string encoding, CancellationToken cancellationToken)
    {
        TableDigest found;
        try
        {
            found = await TableReader.ReadAsync(connection, expected, encoding, cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.UndefinedColumn)
        {
            return $"table {Name(expected)} lacks a column ({exception.MessageText})";
        }

        progress?.Report(new ComparisonProgress(
            Interlocked.Increment(ref _done), tables.Count, Interlocked.Add(ref _rows, found.Rows), Name(expected)));
        return found.Rows == expected.Rows && string.Equals(found.Digest, expected.Digest, StringComparison.Ordinal)
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"table {Name(expected)} has {found.Rows} rows with digest {found.Digest} where {expected.Rows} with {expected.Digest} are expected");
    }

    private Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) =>
        ComparisonConnection.OpenAsync(server, scratch, cancellationToken);

    private static string Value(SequenceValue value) =>
        string.Create(CultureInfo.InvariantCulture, $"{value.LastValue}{(value.IsCalled ? "" : " (not called)")}");

    private static string Name(TableDigest table) => Name(table.Schema, table.Name);

    private static string Name(string schema, string name) => $"{Sql.Identifier(schema)}.{Sql.Identifier(name)}";
}

using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tenants;
using Npgsql;

namespace BackupFunctions.Postgres.Merge;

/// <summary>Sequences go on behind the rows that were added, and never back.</summary>
internal static class MergeSequences
{
    private static readonly HashSet<string> Numbers = ["smallint", "integer", "bigint"];

    public static async Task MoveAsync(
        NpgsqlConnection connection, IReadOnlyDictionary<long, MergeTable> tables, IReadOnlyList<CatalogSequenceUse> uses, CancellationToken cancellationToken)
    {
        foreach (var use in uses.Where(static use => use.Table is not null))
        {
            if (!tables.TryGetValue(use.Table!.Value, out var table) || !table.Columns.Any(column => column.Name == use.Column && Numbers.Contains(column.Type)))
            {
                continue;
            }

            var furthest = (await connection.QueryAsync(
                $"select {(use.Ascending ? "max" : "min")}({table.Staged(use.Column!)})::bigint from {table.Writes} where added",
                static row => row.IsDBNull(0) ? (long?)null : row.GetInt64(0),
                cancellationToken)).Single();
            if (furthest is { } value)
            {
                await MoveAsync(connection, use, Math.Clamp(value, use.Least, use.Most), cancellationToken);
            }
        }
    }

    private static async Task MoveAsync(NpgsqlConnection connection, CatalogSequenceUse use, long value, CancellationToken cancellationToken)
    {
        var behind = FormattableString.Invariant($"last_value {(use.Ascending ? "<" : ">")} {value} or (last_value = {value} and not is_called)");
        if (!await connection.SingleAsync<bool>($"select {behind} from {use.Name}", cancellationToken))
        {
            return;
        }

        // It changes nothing, and keeps others from taking a value until this transaction ends: without it they could be further by now.
        await connection.ExecuteAsync(FormattableString.Invariant($"alter sequence {use.Name} minvalue {use.Least} maxvalue {use.Most}"), cancellationToken);
        await connection.ExecuteAsync(FormattableString.Invariant($"select setval({Sql.Literal(use.Name)}::regclass, {value}, true) from {use.Name} where {behind}"), cancellationToken);
    }
}

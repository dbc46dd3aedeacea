using Npgsql;

namespace BackupFunctions.Postgres.Servers;

/// <summary>Quoting, and the few shapes of query this library needs.</summary>
internal static class Sql
{
    private static readonly NpgsqlCommandBuilder Quoting = new();

    public static string Identifier(string name) => Quoting.QuoteIdentifier(name);

    /// <summary>A string literal that means the same whatever standard_conforming_strings says.</summary>
    public static string Literal(string value) =>
        (value.Contains('\\', StringComparison.Ordinal) ? " E'" : "'")
        + value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)
        + "'";

    public static async Task ExecuteAsync(this NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The rows of a query; parameters are $1, $2 and so on. (A list, since an array of texts would be taken for all of them.)</summary>
    public static async Task<List<T>> QueryAsync<T>(
        this NpgsqlConnection connection,
        string sql,
        Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken,
        params List<object> parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        var rows = new List<T>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    public static async Task<T> SingleAsync<T>(
        this NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params List<object> parameters) =>
        (await connection.QueryAsync(sql, static row => row.GetFieldValue<T>(0), cancellationToken, parameters)).Single();

    public static string? TextOrNull(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}

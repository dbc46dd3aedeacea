using Npgsql;

namespace BackupFunctions.EmbeddedHost.State;

/// <summary>Statements with positional parameters.</summary>
internal static class Sql
{
    public static async Task<int> ExecuteAsync(
        this NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object?[] parameters)
    {
        await using var command = Command(connection, sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static async Task<T?> ScalarAsync<T>(
        this NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object?[] parameters)
    {
        await using var command = Command(connection, sql, parameters);
        var value = await command.ExecuteScalarAsync(cancellationToken);
        return value is null or DBNull ? default : (T)value;
    }

    public static async Task<List<T>> QueryAsync<T>(
        this NpgsqlConnection connection,
        Func<NpgsqlDataReader, T> read,
        string sql,
        CancellationToken cancellationToken,
        params object?[] parameters)
    {
        await using var command = Command(connection, sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.AllAsync(read, cancellationToken);
    }

    public static async Task<List<T>> AllAsync<T>(
        this NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    public static void Add(this NpgsqlBatch batch, string sql, params object?[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        Fill(command.Parameters, parameters);
        batch.BatchCommands.Add(command);
    }

    public static string? Text(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object?[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        Fill(command.Parameters, parameters);
        return command;
    }

    private static void Fill(NpgsqlParameterCollection target, object?[] parameters)
    {
        foreach (var parameter in parameters)
        {
            target.Add(new NpgsqlParameter { Value = parameter ?? DBNull.Value });
        }
    }
}

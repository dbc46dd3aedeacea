using System.Globalization;
using System.Text;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Configuration;

/// <summary>Every setting with its value and where it comes from, a line each; and what stands in the files, whether it applies or not.</summary>
internal static class SettingsText
{
    // What this very connection asked for is no setting of the server.
    private const string Settings = """
        select name, setting, unit, source, sourcefile, sourceline, pending_restart from pg_settings
        where source not in ('client', 'session', 'interactive', 'database', 'user', 'database user') order by name collate "C"
        """;

    private const string InFiles = """
        select name, setting, sourcefile, sourceline, applied, error from pg_file_settings order by seqno
        """;

    public static async Task ReadAsync(NpgsqlConnection connection, ServerConnection server, IConfigurationSink sink, CancellationToken cancellationToken)
    {
        if (!await connection.SingleAsync<bool>("select pg_has_role('pg_read_all_settings', 'USAGE')", cancellationToken))
        {
            sink.Missing(
                $"Role {Sql.Identifier(server.Username)} does not see all settings of server '{server.Name}', nor their files; run: GRANT pg_read_all_settings TO {Sql.Identifier(server.Username)};");
        }

        var lines = await connection.QueryAsync(Settings, Line, cancellationToken);
        await sink.AddAsync("server/settings.txt", Text(lines), cancellationToken);
        if (await ReadableAsync(
            () => connection.QueryAsync(InFiles, FileLine, cancellationToken), server, "pg_file_settings", "pg_show_all_file_settings()", sink) is { } inFiles)
        {
            await sink.AddAsync("server/file-settings.txt", Text(inFiles), cancellationToken);
        }
    }

    /// <summary>Null: the role may not, which is named with its grants.</summary>
    public static async Task<List<string>?> ReadableAsync(
        Func<Task<List<string>>> read, ServerConnection server, string view, string function, IConfigurationSink sink)
    {
        try
        {
            return await read();
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InsufficientPrivilege)
        {
            var role = Sql.Identifier(server.Username);
            sink.Missing(
                $"{view} of server '{server.Name}' may not be read; run in database {Sql.Identifier(server.MaintenanceDatabase)}: "
                + $"GRANT SELECT ON {view} TO {role}; GRANT EXECUTE ON FUNCTION {function} TO {role};");
            return null;
        }
    }

    public static ReadOnlyMemory<byte> Text(IEnumerable<string> lines) => Encoding.UTF8.GetBytes(string.Concat(lines.Select(static line => line + "\n")));

    private static string Line(NpgsqlDataReader row)
    {
        var place = row.IsDBNull(4) ? string.Empty : string.Create(CultureInfo.InvariantCulture, $", {row.GetString(4)}:{(row.IsDBNull(5) ? 0 : row.GetInt32(5))}");
        var unit = row.IsDBNull(2) ? string.Empty : $" x {row.GetString(2)}";
        return $"{row.GetString(0)} = {Value(row, 1)}{unit}  # {row.GetString(3)}{place}{(row.GetBoolean(6) ? ", waits for a restart" : string.Empty)}";
    }

    private static string FileLine(NpgsqlDataReader row)
    {
        var state = row.TextOrNull(5) is { } error ? $"not usable: {error}" : row.GetBoolean(4) ? "applied" : "not applied";
        return string.Create(CultureInfo.InvariantCulture, $"{row.TextOrNull(2)}:{(row.IsDBNull(3) ? 0 : row.GetInt32(3))}  {row.TextOrNull(0)} = {Value(row, 1)}  # {state}");
    }

    private static string Value(NpgsqlDataReader row, int column) =>
        Sql.Literal(row.TextOrNull(column) ?? string.Empty).Replace("\n", "\\n", StringComparison.Ordinal).TrimStart();
}

using System.Globalization;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Configuration;

/// <summary>
/// postgresql.conf with what it includes, pg_hba.conf and pg_ident.conf: as they are where the role may read them by pg_read_binary_file, else
/// from this machine's disk when the server is reached by a socket and so is on it, else what the server's views say of them.
/// </summary>
internal static class ConfigurationFiles
{
    private const string Names = """
        select name, setting from pg_settings where name in ('config_file', 'hba_file', 'ident_file') and setting is not null order by name
        """;

    private const string Included = """
        select distinct sourcefile from pg_settings where source = 'configuration file' and sourcefile is not null order by 1
        """;

    private const string HbaRules = """
        select format('%s  %s %s %s %s %s %s %s%s', line_number, type, array_to_string(database, ','), array_to_string(user_name, ','),
          address, netmask, auth_method, array_to_string(options, ' '), '  # ' || error) from pg_hba_file_rules order by line_number
        """;

    private const string IdentMappings = """
        select format('%s  %s %s %s%s', line_number, map_name, sys_name, pg_username, '  # ' || error) from pg_ident_file_mappings order by line_number
        """;

    public static async Task ReadAsync(
        NpgsqlConnection connection, ServerConnection server, long limit, IConfigurationSink sink, CancellationToken cancellationToken)
    {
        var named = await connection.QueryAsync(Names, static row => (Name: row.GetString(0), Path: row.GetString(1)), cancellationToken);
        var included = await connection.QueryAsync(Included, static row => row.GetString(0), cancellationToken);
        foreach (var path in named.Where(static file => file.Name is "config_file").Select(static file => file.Path).Union(included, StringComparer.Ordinal))
        {
            if (!await TryFileAsync(connection, server, path, limit, sink, cancellationToken))
            {
                sink.Missing($"{path} of server '{server.Name}' may not be read as a file; what stands in it is in server/file-settings.txt where the role may see that.");
            }
        }

        await ReadRulesAsync("hba_file", "server/hba-rules.txt", HbaRules, "pg_hba_file_rules", since: 10);
        await ReadRulesAsync("ident_file", "server/ident-mappings.txt", IdentMappings, "pg_ident_file_mappings", since: 15);

        async Task ReadRulesAsync(string setting, string item, string query, string view, int since)
        {
            if (named.Find(file => string.Equals(file.Name, setting, StringComparison.Ordinal)).Path is { } path
                && await TryFileAsync(connection, server, path, limit, sink, cancellationToken))
            {
                return;
            }

            if (connection.PostgreSqlVersion.Major < since)
            {
                sink.Missing($"The {setting} of server '{server.Name}' may not be read, and its version has no view of it; use a superuser.");
            }
            else if (await SettingsText.ReadableAsync(
                () => connection.QueryAsync(query, static row => row.GetString(0), cancellationToken), server, view, view + "()", sink) is { } rules)
            {
                await sink.AddAsync(item, SettingsText.Text(rules), cancellationToken);
            }
        }
    }

    private static async Task<bool> TryFileAsync(
        NpgsqlConnection connection, ServerConnection server, string path, long limit, IConfigurationSink sink, CancellationToken cancellationToken)
    {
        if (await ReadAsync(connection, server, path, limit + 1, cancellationToken) is not { } content)
        {
            return false;
        }

        if (content.Length > limit)
        {
            sink.Missing(string.Create(CultureInfo.InvariantCulture, $"{path} of server '{server.Name}' is larger than {limit >> 20} MiB and left out; set CONFIGURATION_FILE_LIMIT higher."));
        }
        else
        {
            await sink.AddAsync($"server/files{path}", content, cancellationToken);
        }

        return true;
    }

    /// <summary>Null: it may not be read.</summary>
    private static async Task<byte[]?> ReadAsync(
        NpgsqlConnection connection, ServerConnection server, string path, long most, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.SingleAsync<byte[]>("select pg_read_binary_file($1, 0, $2)", cancellationToken, path, most);
        }
        catch (PostgresException) when (server.Host.StartsWith('/'))
        {
            return await ReadLocalAsync(path, most, cancellationToken);
        }
        catch (PostgresException)
        {
            return null;
        }
    }

    private static async Task<byte[]?> ReadLocalAsync(string path, long most, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = File.OpenRead(path);
            var content = new byte[Math.Min(most, file.Length)];
            await file.ReadExactlyAsync(content, cancellationToken);
            return content;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

using System.Text.Json;
using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Swap;
using Npgsql;

namespace BackupFunctions.Postgres.Configuration;

/// <summary>Every database with owner, encoding, locale, privileges, settings, and its extensions with their versions.</summary>
internal static class DatabasesText
{
    private const string Databases = "select datname::text, oid::bigint, datallowconn from pg_database order by datname";

    private const string Extensions = """
        select e.extname::text || ' ' || e.extversion || ' in ' || quote_ident(n.nspname)
        from pg_extension e join pg_namespace n on n.oid = e.extnamespace order by 1
        """;

    private static readonly JsonSerializerOptions Indented = new(ContractJson.Options) { WriteIndented = true };

    public static async Task ReadAsync(NpgsqlConnection connection, ServerConnection server, IConfigurationSink sink, CancellationToken cancellationToken)
    {
        var databases = await connection.QueryAsync(
            Databases, static row => (Name: row.GetString(0), Oid: row.GetInt64(1), Open: row.GetBoolean(2)), cancellationToken);
        var described = new List<object>();
        foreach (var (name, oid, open) in databases)
        {
            var properties = await DatabasePropertiesReader.ReadAsync(connection, oid, cancellationToken);
            described.Add(new { properties.Name, Extensions = open ? await ExtensionsAsync(server, name, sink, cancellationToken) : null, Properties = properties });
        }

        await sink.AddAsync("databases.json", JsonSerializer.SerializeToUtf8Bytes(described, Indented), cancellationToken);
    }

    /// <summary>Null: it cannot be looked into.</summary>
    private static async Task<List<string>?> ExtensionsAsync(
        ServerConnection server, string database, IConfigurationSink sink, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await server.OpenAsync(database, cancellationToken);
            return await connection.QueryAsync(Extensions, static row => row.GetString(0), cancellationToken);
        }
        catch (PgdrException e)
        {
            sink.Missing($"Extensions of database {Sql.Identifier(database)} are not known: {e.Message}");
            return null;
        }
    }
}

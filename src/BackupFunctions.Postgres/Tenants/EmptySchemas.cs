using BackupFunctions.Postgres.Servers;

namespace BackupFunctions.Postgres.Tenants;

/// <summary>pg_dump of named schemas creates each, public too (pg_dump, --schema), which every new database has.</summary>
public static class EmptySchemas
{
    /// <summary>Drops those of a new database that the dump creates; one with something in it is an error of the server.</summary>
    public static async Task DropAsync(ServerConnection server, string scratch, IReadOnlyList<string> schemas, CancellationToken cancellationToken)
    {
        if (schemas.Count == 0)
        {
            return;
        }

        await using var connection = await server.OpenAsync(scratch, cancellationToken);
        foreach (var schema in schemas)
        {
            await connection.ExecuteAsync($"DROP SCHEMA IF EXISTS {Sql.Identifier(schema)}", cancellationToken);
        }
    }
}

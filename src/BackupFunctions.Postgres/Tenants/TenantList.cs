using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Tenants;

/// <summary>All tenants of a database, as its settings find them.</summary>
public static class TenantList
{
    /// <returns>Each once, sorted; null: the settings have no way to list them.</returns>
    /// <exception cref="PgdrException">tenant.unknown: the list is empty, or a tenant in it has no name.</exception>
    public static async Task<IReadOnlyList<string>?> ReadAsync(ServerConnection server, string database, TenantRules rules, CancellationToken cancellationToken)
    {
        var query = rules.List ?? (rules.Root is { } root
            ? $"SELECT t0.{Sql.Identifier(root.Column)}::text FROM {TenantPredicate.Name(root.Schema, root.Table)} t0 ORDER BY 1"
            : null);
        if (query is null)
        {
            return null;
        }

        List<string?> listed;
        await using var connection = await server.OpenAsync(database, cancellationToken);
        try
        {
            // Policies never make this list shorter without a word: they make it fail, unless a query of the settings asks for what they show.
            await connection.ExecuteAsync($"begin isolation level repeatable read read only; set local row_security = {(rules.List is null ? "off" : "on")}", cancellationToken);
            listed = await connection.QueryAsync(query, static row => row.TextOrNull(0), cancellationToken);
        }
        catch (Exception exception) when (exception is PostgresException or InvalidCastException)
        {
            var cause = exception is PostgresException refused ? refused.MessageText.ReplaceLineEndings(" ") : "its first column is not text";
            throw new PgdrException(
                ErrorCodes.TenantUnknown, $"The tenants of database '{database}' cannot be listed ({cause}): correct the list query, or let the backup role read that table.", exception);
        }

        return listed.Count == 0
            ? throw new PgdrException(ErrorCodes.TenantUnknown, $"The list of tenants of database '{database}' is empty: correct the list query, or the rights of the backup role.")
            : listed.Any(string.IsNullOrWhiteSpace)
                ? throw new PgdrException(ErrorCodes.TenantUnknown, $"The list of tenants of database '{database}' has one without a name: correct the list query.")
                : [.. listed.OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }
}

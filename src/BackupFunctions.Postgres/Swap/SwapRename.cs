using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Swap;

/// <summary>The one transaction of a swap: both renames, comments, limits, and the comparison of what came out.</summary>
internal sealed class SwapRename(NpgsqlConnection connection, ServerConnection server, SwapRequest request)
{
    public async Task RunAsync(DatabaseRow scratch, DatabaseRow? live, DatabaseMarker marker, CancellationToken cancellationToken)
    {
        var properties = marker.Live!;
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var statement in Statements(scratch, live, marker, properties))
        {
            await connection.ExecuteAsync(statement, cancellationToken);
        }

        var reached = await DatabasePropertiesReader.ReadAsync(connection, scratch.Oid, cancellationToken);
        var differences = await DatabasePropertiesApplier.DifferencesAsync(connection, properties, reached, cancellationToken);
        if (differences.Count > 0)
        {
            throw new PgdrException(
                ErrorCodes.VerificationFailed,
                $"The new database {Sql.Identifier(request.LiveName)} on server {server.Endpoint} differs from the old one in {string.Join(", ", differences)}; "
                + "nothing was renamed, correct that and run the swap again.");
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private IEnumerable<string> Statements(DatabaseRow scratch, DatabaseRow? live, DatabaseMarker marker, DatabaseProperties properties)
    {
        var name = Sql.Identifier(request.LiveName);
        if (live is not null)
        {
            var kept = Sql.Identifier(RestoreNames.Kept(request.RestoreId));
            var comment = (marker with { Pgdr = DatabaseMarker.Kept, RestoreId = request.RestoreId }).ToComment();
            // Not a template any more, or it could never be dropped; what it was stands in the comment.
            yield return $"ALTER DATABASE {name} IS_TEMPLATE false";
            yield return $"ALTER DATABASE {name} RENAME TO {kept}";
            yield return $"COMMENT ON DATABASE {kept} IS {Sql.Literal(comment)}";
        }

        yield return $"ALTER DATABASE {Sql.Identifier(scratch.Name)} RENAME TO {name}";
        yield return $"COMMENT ON DATABASE {name} IS {(properties.Comment is { } text ? Sql.Literal(text) : "NULL")}";
        yield return FormattableString.Invariant(
            $"ALTER DATABASE {name} ALLOW_CONNECTIONS {properties.AllowConnections} CONNECTION LIMIT {properties.ConnectionLimit} IS_TEMPLATE {properties.IsTemplate}");
    }
}

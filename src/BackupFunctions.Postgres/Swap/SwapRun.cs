using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Swap;

/// <summary>One swap, from whatever an earlier attempt left to the end.</summary>
internal sealed class SwapRun(NpgsqlConnection connection, ServerConnection server, SwapRequest request, Action<SwapStep>? step = null)
{
    private const int RenameAttempts = 5;

    public async Task<SwapOutcome> RunAsync(CancellationToken cancellationToken)
    {
        await LockAsync(cancellationToken);
        var scratch = await DatabaseRow.FindAsync(connection, request.ScratchOid, cancellationToken)
            ?? throw Failure(ErrorCodes.DatabaseUnknown, $"the replacement (OID {request.ScratchOid}) is gone");
        if (string.Equals(scratch.Name, request.LiveName, StringComparison.Ordinal))
        {
            // The renames and everything about the new database were one transaction: it is done.
            return new SwapOutcome((await FindKeptAsync(cancellationToken))?.Name, 0);
        }

        var marker = CheckedMarker(scratch);
        var live = await DatabaseRow.FindAsync(connection, request.LiveName, cancellationToken);
        if (live is not null)
        {
            await SwapBlockers.CheckAsync(connection, server, live, cancellationToken);
        }

        await SwapBlockers.CheckNameAsync(connection, server, request.RestoreId, cancellationToken);
        var properties = await PropertiesAsync(marker, live, cancellationToken);
        await DatabasePropertiesApplier.ApplyAsync(connection, scratch.Name, properties, cancellationToken);
        step?.Invoke(SwapStep.Applied);
        marker = marker with { LiveOid = live?.Oid, Live = properties };
        await CommentAsync(scratch.Name, marker.ToComment(), cancellationToken);
        step?.Invoke(SwapStep.Remembered);
        return await ReplaceAsync(scratch, live, marker, cancellationToken);
    }

    private async Task<SwapOutcome> ReplaceAsync(DatabaseRow scratch, DatabaseRow? live, DatabaseMarker marker, CancellationToken cancellationToken)
    {
        DatabaseRow[] both = live is null ? [scratch] : [live, scratch];
        foreach (var database in both)
        {
            await DatabaseConnections.SetAsync(connection, database.Name, allow: false, cancellationToken);
        }

        step?.Invoke(SwapStep.Closed);
        var ended = new HashSet<int>();
        for (var attempt = 1; ; attempt++)
        {
            await DatabaseSessions.EndAsync(connection, server, both, ended, cancellationToken);
            step?.Invoke(SwapStep.SessionsEnded);
            try
            {
                await new SwapRename(connection, server, request).RunAsync(scratch, live, marker, cancellationToken);
                step?.Invoke(SwapStep.Renamed);
                return new SwapOutcome(live is null ? null : RestoreNames.Kept(request.RestoreId), ended.Count);
            }
            catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.ObjectInUse && attempt < RenameAttempts)
            {
                // A session that was on its way in when the doors closed, or a worker: end it and try again.
            }
        }
    }

    /// <summary>Two swaps of one server one after the other; released with the connection.</summary>
    private async Task LockAsync(CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync("set lock_timeout = '60s'; set statement_timeout = 0", cancellationToken);
        await connection.ExecuteAsync("select pg_advisory_lock(hashtextextended('pgdr database swap', 0))", cancellationToken);
    }

    private DatabaseMarker CheckedMarker(DatabaseRow scratch) =>
        DatabaseMarker.Read(scratch.Comment) is { } marker
        && marker.Is(request.ReplacementKind, request.ReplacementOf)
        && string.Equals(scratch.Name, request.ScratchName, StringComparison.Ordinal)
            ? marker
            : throw Failure(
                ErrorCodes.SwapBlocked,
                $"database {Sql.Identifier(scratch.Name)} (OID {scratch.Oid}) is not the {request.ReplacementKind} database of restore {request.ReplacementOf}");

    /// <summary>
    /// The live database's own, read now, except whether it took connections: an attempt that was killed may have closed it.
    /// </summary>
    private async Task<DatabaseProperties> PropertiesAsync(DatabaseMarker marker, DatabaseRow? live, CancellationToken cancellationToken)
    {
        if (live is null)
        {
            return (marker.Live ?? request.Fallback) with { Name = request.LiveName };
        }

        var properties = await DatabasePropertiesReader.ReadAsync(connection, live.Oid, cancellationToken);
        return marker.LiveOid == live.Oid && marker.Live is { } remembered
            ? properties with { AllowConnections = remembered.AllowConnections }
            : properties;
    }

    private async Task<DatabaseRow?> FindKeptAsync(CancellationToken cancellationToken) =>
        await DatabaseRow.FindAsync(connection, RestoreNames.Kept(request.RestoreId), cancellationToken) is { } kept
        && DatabaseMarker.Read(kept.Comment)?.Is(DatabaseMarker.Kept, request.RestoreId) == true
            ? kept
            : null;

    private Task CommentAsync(string database, string comment, CancellationToken cancellationToken) =>
        connection.ExecuteAsync($"COMMENT ON DATABASE {Sql.Identifier(database)} IS {Sql.Literal(comment)}", cancellationToken);

    private PgdrException Failure(string code, string cause) =>
        new(code, $"Database {Sql.Identifier(request.LiveName)} on server {server.Endpoint} cannot be replaced: {cause}.");
}

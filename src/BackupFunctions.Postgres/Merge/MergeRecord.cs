using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Swap;
using Npgsql;

namespace BackupFunctions.Postgres.Merge;

/// <summary>
/// What was merged from a scratch database stands in its comment, written by the merge's own transaction: comments on databases belong to
/// the whole server and to the transaction all the same. A run that was killed behind its commit and begins again finds it, and does not
/// write over what was changed since.
/// </summary>
internal static class MergeRecord
{
    /// <summary>Once the tables are locked: a transaction of a run before this one has ended by then.</summary>
    /// <returns>Null: it was not merged yet; or the other database is none that a restore made.</returns>
    public static async Task<MergeResult?> ReadAsync(NpgsqlConnection live, MergeRequest request, CancellationToken cancellationToken) =>
        (await FindAsync(live, request, cancellationToken))?.Merged?.FirstOrDefault(
            merged => string.Equals(merged.Tenant, request.Tenant, StringComparison.Ordinal) && string.Equals(merged.Database, request.Live, StringComparison.Ordinal));

    public static async Task WriteAsync(NpgsqlConnection live, MergeRequest request, MergeResult result, CancellationToken cancellationToken)
    {
        if (await FindAsync(live, request, cancellationToken) is not { } marker)
        {
            return;
        }

        var comment = (marker with { Merged = [.. marker.Merged ?? [], result] }).ToComment();
        await live.ExecuteAsync($"comment on database {Sql.Identifier(request.Backup)} is {Sql.Literal(comment)}", cancellationToken);
    }

    private static async Task<DatabaseMarker?> FindAsync(NpgsqlConnection live, MergeRequest request, CancellationToken cancellationToken) =>
        DatabaseMarker.Read((await DatabaseRow.FindAsync(live, request.Backup, cancellationToken))?.Comment) is { Pgdr: DatabaseMarker.Scratch } marker ? marker : null;
}

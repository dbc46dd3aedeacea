using System.Globalization;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Postgres.Restore;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tenants;
using Npgsql;

namespace BackupFunctions.Postgres.Merge;

/// <summary>
/// Rows of a restored database into the live one, in one transaction. Tables are locked against writers before anything is compared, so
/// what was compared is what is written over. Triggers and rules do not act (session_replication_role = replica), and foreign keys, which
/// the server does not check then, are counted here.
/// </summary>
public static class DatabaseMerge
{
    /// <param name="server">It has both databases; its user is a superuser.</param>
    /// <param name="request">What is merged.</param>
    /// <param name="progress">Tables that were compared.</param>
    /// <param name="cancellationToken">Stops it; nothing is written then.</param>
    /// <returns>With blockers nothing was written.</returns>
    /// <exception cref="PgdrException">merge.refused, merge.locked, tenant.foreign-rows, database.permission, disk.full and those of a connection. Nothing was written.</exception>
    public static async Task<MergeResult> RunAsync(ServerConnection server, MergeRequest request, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        await using var backup = await ComparisonConnection.OpenAsync(server, request.Backup, cancellationToken);
        await using var live = await ComparisonConnection.OpenAsync(server, request.Live, cancellationToken);
        await SuperuserCheck.RunAsync(live, server, cancellationToken);
        var committing = false;
        try
        {
            var oid = await backup.SingleAsync<long>("select oid::bigint from pg_database where datname = current_database()", cancellationToken);
            if ((request.BackupOid ?? oid) != oid)
            {
                throw MergeErrors.Refused(request.Live, $"database {Sql.Identifier(request.Backup)} is not the one that was restored; restore it again.");
            }

            await live.ExecuteAsync(request.Apply ? "begin isolation level read committed" : "begin isolation level repeatable read", cancellationToken);
            await live.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"set local lock_timeout = {(long)request.LockPatience.TotalMilliseconds}"), cancellationToken);
            // Of this transaction alone. From its beginning: event triggers would see its temporary tables, too.
            await live.ExecuteAsync("set local session_replication_role = replica", cancellationToken);
            var plan = await MergePlan.MakeAsync(request, live, backup, cancellationToken);
            var keys = await MergeForeignKeys.ReadAsync(live, cancellationToken);
            if (request.Apply)
            {
                await LockAsync(live, plan, keys, cancellationToken);
                if (await MergeRecord.ReadAsync(live, request, cancellationToken) is { } merged)
                {
                    await live.ExecuteAsync("rollback", cancellationToken);
                    return merged;
                }
            }

            var blockers = new List<string>();
            var counts = await CompareAsync(request, plan, live, backup, blockers, progress, cancellationToken);
            blockers.AddRange(await keys.MissingParentsAsync(live, plan.ByOid, cancellationToken));
            var apply = request.Apply && blockers.Count == 0;
            var result = new MergeResult
            {
                Database = request.Live, Tenant = request.Tenant, Policy = request.Policy, Applied = apply, Tables = counts, Blockers = blockers, Warnings = plan.Warnings,
            };
            if (apply)
            {
                await WriteAsync(request, plan, keys, counts, live, cancellationToken);
                await MergeRecord.WriteAsync(live, request, result, cancellationToken);
            }

            committing = apply;
            await live.ExecuteAsync(apply ? "commit" : "rollback", cancellationToken);
            return result;
        }
        catch (PostgresException exception) when (!MergeErrors.IsBroken(exception))
        {
            throw MergeErrors.Explain(request.Live, server, exception);
        }
        catch (NpgsqlException exception)
        {
            throw MergeErrors.Broken(request, server, committing, exception);
        }
    }

    /// <summary>Written tables against all writers, their neighbours against them, too: a parent must not go while its child comes.</summary>
    private static async Task LockAsync(NpgsqlConnection live, MergePlan plan, MergeForeignKeys keys, CancellationToken cancellationToken)
    {
        var written = plan.Tables.Select(static table => (Table: table.Live.Rows, Mode: "SHARE ROW EXCLUSIVE"));
        foreach (var (table, mode) in written.Concat(keys.Neighbours(plan.ByOid).Select(static table => (Table: table, Mode: "SHARE"))).OrderBy(static each => each.Table, StringComparer.Ordinal))
        {
            await live.ExecuteAsync($"lock table {table} in {mode} mode", cancellationToken);
        }
    }

    private static async Task<List<MergeTableResult>> CompareAsync(
        MergeRequest request, MergePlan plan, NpgsqlConnection live, NpgsqlConnection backup, List<string> blockers, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var encoding = await backup.SingleAsync<string>("select getdatabaseencoding()::text", cancellationToken);
        var results = new List<MergeTableResult>();
        foreach (var table in plan.Tables)
        {
            progress?.Report(table.Live.Title);
            await MergeStage.FillAsync(backup, live, table, plan.FilterOf(table), encoding, cancellationToken);
            if (table.Key is not null)
            {
                await CheckKeysAsync(request, table, live, cancellationToken);
            }

            await live.ExecuteAsync(table.CreateWrites(), cancellationToken);
            await live.ExecuteAsync($"analyze {table.Writes}", cancellationToken);
            results.Add((await live.QueryAsync(table.Count(), row => Result(table, row), cancellationToken)).Single());
            blockers.AddRange(await TakenAsync(table, live, cancellationToken));
        }

        return results;
    }

    private static async Task CheckKeysAsync(MergeRequest request, MergeTable table, NpgsqlConnection live, CancellationToken cancellationToken)
    {
        if (await live.SingleAsync<long>(table.CountRepeated(), cancellationToken) is > 0 and var repeated)
        {
            throw MergeErrors.Refused(
                request.Live, string.Create(CultureInfo.InvariantCulture, $"table {table.Live.Title}: {repeated} of its keys are in the backup more than once; leave it out."));
        }

        if (table.HasTenant && await live.SingleAsync<long>(table.CountForeign(), cancellationToken) is > 0 and var foreign)
        {
            throw new PgdrException(
                ErrorCodes.TenantForeignRows,
                $"The merge of tenant '{request.Tenant}' into database {Sql.Identifier(request.Live)} is refused, nothing was written: {foreign} of its rows of table {table.Live.Title} "
                + "have keys that rows of other tenants have by now; leave that table out.");
        }
    }

    private static async Task<IReadOnlyList<string>> TakenAsync(MergeTable table, NpgsqlConnection live, CancellationToken cancellationToken)
    {
        var blockers = new List<string>();
        foreach (var index in table.Live.Indexes.Where(index => index != table.Key && !index.NullsEqual && index.Columns.All(table.Has)))
        {
            if (await live.SingleAsync<long>(table.CountTaken(index), cancellationToken) is > 0 and var taken)
            {
                blockers.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{taken} rows for table {table.Live.Title} have values of the unique index {index.Name} that other live rows have by now: change those rows, or leave the table out."));
            }
        }

        return blockers;
    }

    private static async Task WriteAsync(
        MergeRequest request, MergePlan plan, MergeForeignKeys keys, List<MergeTableResult> counts, NpgsqlConnection live, CancellationToken cancellationToken)
    {
        var tables = plan.ByOid;
        var orphans = await keys.CountOrphansAsync(live, tables, cancellationToken);
        var before = new Dictionary<MergeTable, long>();
        foreach (var table in plan.Tables)
        {
            before[table] = await live.SingleAsync<long>(table.CountLive(), cancellationToken);
        }

        foreach (var (table, count) in plan.Tables.Zip(counts))
        {
            await ExecuteAsync(request, table, live, table.Update(), count.Change, cancellationToken);
            await ExecuteAsync(request, table, live, table.Insert(), count.Add, cancellationToken);
        }

        await keys.VerifyAsync(live, request.Live, tables, orphans, cancellationToken);
        foreach (var (table, count) in plan.Tables.Zip(counts))
        {
            await VerifyOwnAsync(request, table, before[table] + count.Add, live, cancellationToken);
        }

        await MergeSequences.MoveAsync(live, tables, (await RelationCatalog.ReadAsync(live, cancellationToken)).Sequences, cancellationToken);
    }

    private static async Task ExecuteAsync(MergeRequest request, MergeTable table, NpgsqlConnection live, string? statement, long rows, CancellationToken cancellationToken)
    {
        if (statement is null || rows == 0)
        {
            return;
        }

        await using var command = new NpgsqlCommand(statement, live);
        var written = await command.ExecuteNonQueryAsync(cancellationToken);
        if (written != rows)
        {
            throw MergeErrors.Refused(
                request.Live, string.Create(CultureInfo.InvariantCulture, $"table {table.Live.Title} took {written} of {rows} rows; look for rules on it, or leave it out."));
        }
    }

    /// <summary>What was written is the tenant's, whatever had selected it; without a tenant, rows are as many as they should be.</summary>
    private static async Task VerifyOwnAsync(MergeRequest request, MergeTable table, long expected, NpgsqlConnection live, CancellationToken cancellationToken)
    {
        var foreign = table is { HasTenant: true, Key: not null } ? await live.SingleAsync<long>(table.CountWrittenForeign(), cancellationToken) : 0;
        var rows = await live.SingleAsync<long>(table.CountLive(), cancellationToken);
        if (foreign > 0 || (table.HasTenant && rows != expected))
        {
            throw new PgdrException(
                ErrorCodes.TenantForeignRows,
                $"The merge of tenant '{request.Tenant}' into database {Sql.Identifier(request.Live)} is refused, nothing was written: rows of table {table.Live.Title} would become rows of other tenants; leave that table out.");
        }
    }

    private static MergeTableResult Result(MergeTable table, NpgsqlDataReader row)
    {
        var (staged, live, added, changed, conflicting) = (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4));
        return new MergeTableResult(table.Live.Title, added, changed, conflicting, live - (staged - added), staged - added - changed - conflicting);
    }
}

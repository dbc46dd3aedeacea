using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Digests;
using BackupFunctions.Postgres.Dump;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Tenants;

/// <summary>Reads one tenant after the other over one connection: its rows to sinks, and the proof that they are its own.</summary>
public sealed class TenantReader : IAsyncDisposable
{
    private const int Shown = 3;

    private static readonly string NoDigest = new('0', 32);

    private readonly TenantSnapshot _snapshot;
    private readonly TenantSession _session;

    internal TenantReader(TenantSnapshot snapshot, TenantSession session) => (_snapshot, _session) = (snapshot, session);

    /// <summary>Every table's rows go to the sink that <paramref name="openFile"/> gives for its file, one after the other.</summary>
    /// <exception cref="PgdrException">tenant.unknown, tenant.foreign-rows, database.permission; and whatever a sink throws.</exception>
    public async Task<TenantOutcome> ReadAsync(string tenant, Func<string, IDumpFileSink> openFile, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(tenant) || tenant.Contains('\0', StringComparison.Ordinal))
        {
            throw new PgdrException(ErrorCodes.TenantUnknown, "A tenant without a name cannot be backed up: name it.");
        }

        try
        {
            return await _session.ReadAsync(
                tenant, _snapshot.Rules, _snapshot.Hidden.Count > 0, connection => ReadAsync(connection, tenant, openFile, cancellationToken), cancellationToken);
        }
        catch (PostgresException exception)
        {
            throw TenantErrors.Explain(_snapshot, tenant, exception);
        }
    }

    /// <summary>False: the connection is gone, and another reader has to go on.</summary>
    public bool IsOpen => _session.Connection.FullState == System.Data.ConnectionState.Open;

    public ValueTask DisposeAsync() => _session.DisposeAsync();

    private async Task<TenantOutcome> ReadAsync(
        NpgsqlConnection connection, string tenant, Func<string, IDumpFileSink> openFile, CancellationToken cancellationToken)
    {
        var predicate = new TenantPredicate(_snapshot.Plan.Tables.Select(static planned => planned.Table), tenant);
        await RequireRootAsync(connection, predicate, tenant, cancellationToken);
        var sequences = new TenantSequences();
        var good = new HashSet<string>(StringComparer.Ordinal);
        var digests = new List<TableDigest>();
        var rows = 0L;
        foreach (var planned in _snapshot.Plan.Tables.Where(static planned => !planned.Relation.Partitioned))
        {
            if (planned.Table.File is null)
            {
                digests.AddRange(planned.Relation.OfExtension ? [] : [Digest(planned, rows: 0, NoDigest)]);
                continue;
            }

            var digest = await ReadTableAsync(connection, planned, predicate, tenant, openFile(planned.Table.File), sequences, good, cancellationToken);
            digests.Add(digest);
            rows += planned.Table.HasTenant ? digest.Rows : 0;
        }

        RequireRows(tenant, rows);
        return new TenantOutcome(
            [.. digests.OrderBy(static table => table.Schema, StringComparer.Ordinal).ThenBy(static table => table.Name, StringComparer.Ordinal)],
            new TenantContents
            {
                Id = tenant,
                Mode = TenantMode.Column,
                Tables = [.. _snapshot.Plan.Tables.Select(static planned => planned.Table)],
                LeftOut = _snapshot.Plan.LeftOut,
                MaterializedViews = _snapshot.Catalog.MaterializedViews,
            },
            sequences.Values(_snapshot.Catalog, _snapshot.SequenceValues),
            rows,
            new TenantFacts { Id = tenant, Mode = TenantMode.Column, Scan = Scan(), Unproven = Unproven() });
    }

    private async Task<TableDigest> ReadTableAsync(
        NpgsqlConnection connection,
        PlannedTable planned,
        TenantPredicate predicate,
        string tenant,
        IDumpFileSink sink,
        TenantSequences sequences,
        HashSet<string> good,
        CancellationToken cancellationToken)
    {
        var scanner = new TenantScanner(planned);
        using var digest = new CopyTextDigest();
        await CopyExport.ReadAsync(
            connection,
            $"COPY ({TenantStatements.Select(planned, predicate)}) TO STDOUT (ENCODING {Sql.Literal(_snapshot.Encoding)})",
            async bytes =>
            {
                digest.Append(bytes.Span);
                scanner.Append(bytes.Span);
                await sink.WriteAsync(bytes, cancellationToken);
            },
            cancellationToken);
        if (planned.Table.Kind == TenantTableKind.Column && await scanner.CountForeignAsync(connection, tenant, good, cancellationToken) is > 0 and var foreign)
        {
            throw TenantErrors.ForeignRows(tenant, planned.Relation.Title, foreign);
        }

        await CheckAsync(connection, planned, predicate, tenant, digest.Rows, cancellationToken);
        await sink.CompleteAsync(cancellationToken);
        sequences.Add(scanner);
        return Digest(planned, digest.Rows, digest.Hex);
    }

    /// <summary>By SQL, in the same snapshot: as many rows as were read, and none that refers to what is not the tenant's.</summary>
    private static async Task CheckAsync(
        NpgsqlConnection connection, PlannedTable planned, TenantPredicate predicate, string tenant, long read, CancellationToken cancellationToken)
    {
        var references = planned.Table.References;
        if (planned.Table.Kind == TenantTableKind.Shared && references.Count == 0)
        {
            return;
        }

        var counts = (await connection.QueryAsync(
            TenantStatements.Count(planned, predicate),
            row => Enumerable.Range(0, references.Count + 1).Select(row.GetInt64).ToArray(),
            cancellationToken)).Single();
        if (counts[0] != read)
        {
            throw new PgdrException(
                ErrorCodes.VerificationFailed, $"Of tenant '{tenant}' {read} rows of table {planned.Relation.Title} were read and {counts[0]} counted: back it up again.");
        }

        for (var i = 0; i < references.Count; i++)
        {
            if (counts[i + 1] > 0)
            {
                throw TenantErrors.Leaving(tenant, planned, references[i], counts[i + 1]);
            }
        }
    }

    private async Task RequireRootAsync(NpgsqlConnection connection, TenantPredicate predicate, string tenant, CancellationToken cancellationToken)
    {
        if (_snapshot.Rules.Root is not { } root)
        {
            return;
        }

        var table = _snapshot.Plan.Tables.First(planned => planned.Table.Schema == root.Schema && planned.Table.Name == root.Table).Table;
        var found = await connection.SingleAsync<bool>(
            $"SELECT EXISTS (SELECT FROM {TenantPredicate.Rows(table)} t0 WHERE {predicate.Of(table)})", cancellationToken);
        if (!found)
        {
            throw TenantErrors.Unknown(_snapshot, tenant, $"table {root.Schema}.{root.Table} has no such {root.Column}");
        }
    }

    /// <summary>No row at all is what a wrong name or a wrong context look like.</summary>
    private void RequireRows(string tenant, long rows)
    {
        if (rows == 0 && (_snapshot.Hidden.Count > 0 || (_snapshot.Rules.Root is null && _snapshot.Rules.List is null)))
        {
            throw TenantErrors.Unknown(_snapshot, tenant, "no table has a row of it");
        }
    }

    private TenantScan Scan()
    {
        int Tables(TenantTableKind kind) => _snapshot.Plan.Tables.Count(planned => planned.Table.File is not null && planned.Table.Kind == kind);
        return new TenantScan(Tables(TenantTableKind.Column), Tables(TenantTableKind.ForeignKey), Tables(TenantTableKind.Shared), ForeignRows: 0);
    }

    private string? Unproven()
    {
        var hidden = _snapshot.Hidden;
        var role = Sql.Identifier(_snapshot.Server.Username);
        return hidden.Count == 0
            ? null
            : $"Row level security applied to role {role} on {string.Join(", ", hidden.Take(Shown))}{(hidden.Count > Shown ? $" (and {hidden.Count - Shown} more)" : string.Empty)}, "
                + $"so rows that its policies do not show may be missing: ALTER ROLE {role} BYPASSRLS; makes that certain.";
    }

    private static TableDigest Digest(PlannedTable planned, long rows, string digest) =>
        new(planned.Relation.Schema, planned.Relation.Name, planned.Relation.Columns, planned.Relation.Filter is { Length: > 0 } filter ? filter : null, rows, digest);
}

using BackupFunctions.Catalog.Tests.Support;

namespace BackupFunctions.Catalog.Tests.Database;

/// <summary>With a million copies, pages of lists and look-ups go by an index.</summary>
[Collection(CatalogServerCollection.Name)]
public sealed class QueryPlanTests(CatalogServer server, TestKeys keys) : IAsyncDisposable
{
    private const int Backups = 333_334;

    private static readonly (string Sql, string Index)[] Queries =
    [
        ("SELECT * FROM catalog.backups WHERE generation = 1 AND backup_id = '20200101T000000000Z-00000001'", "backups_pkey"),
        ("SELECT * FROM catalog.backups WHERE generation = 1 ORDER BY backup_id DESC LIMIT 50", "backups_pkey"),
        ("SELECT * FROM catalog.backups WHERE generation = 1 AND backup_id < '20200101T000000000Z-00010000' ORDER BY backup_id DESC LIMIT 50", "backups_pkey"),
        ("SELECT * FROM catalog.backups WHERE generation = 1 AND database_name = 'database7' ORDER BY backup_id DESC LIMIT 50", "backups_by_database"),
        ("SELECT * FROM catalog.backups WHERE generation = 1 AND status = 'FAILED' ORDER BY backup_id DESC LIMIT 50", "backups_by_status"),
        ("SELECT * FROM catalog.copies WHERE generation = 1 AND backup_id = '20200101T000000000Z-00000001'", "copies_pkey"),
        ("SELECT * FROM catalog.copies WHERE generation = 1 AND target = 'x' AND state = 'QUARANTINED' ORDER BY backup_id DESC LIMIT 50", "copies_by_state"),
    ];

    private readonly CatalogSite _site = new(server, keys);

    private async Task FillAsync()
    {
        _site.Storage.PutBackup(Documents.Id(1), "a");
        await _site.SyncAsync();
        await _site.ExecuteAsync(
            $$"""
            INSERT INTO catalog.backups (generation, backup_id, kind, database_name, started_at, snapshot_at, finished_at, duration_seconds, plain_size, stored_size,
                checksum, status, presence, metadata)
            SELECT generation, '20200101T000000000Z-' || lpad(to_hex(n), 8, '0'), kind, 'database' || n % 50, started_at, snapshot_at, finished_at, 1, 1, 1, checksum,
                CASE WHEN n % 100 = 0 THEN 'FAILED' ELSE 'VERIFIED' END, presence, '{}'
            FROM catalog.backups CROSS JOIN generate_series(1, {{Backups}}) n
            """);
        await _site.ExecuteAsync(
            """
            INSERT INTO catalog.copies (generation, backup_id, target, state)
            SELECT generation, backup_id, target, CASE WHEN right(backup_id, 2) = '00' THEN 'QUARANTINED' ELSE 'VERIFIED' END
            FROM catalog.backups CROSS JOIN (VALUES ('x'), ('y'), ('z')) t (target)
            """);
        await _site.ExecuteAsync("ANALYZE");
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Plans_OfPagesAndLookUps_GoByIndex()
    {
        await FillAsync();
        (await _site.ScalarAsync<long>("SELECT count(*) FROM catalog.copies")).ShouldBeGreaterThan(1_000_000);
        foreach (var (sql, index) in Queries)
        {
            var plan = await _site.ScalarAsync<string>($"EXPLAIN (FORMAT JSON) {sql}") ?? string.Empty;
            plan.ShouldContain(index, customMessage: sql);
            plan.ShouldNotContain("Seq Scan", customMessage: sql);
            plan.ShouldNotContain("Sort", customMessage: sql);
        }
    }
}

using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Backup;
using BackupFunctions.Postgres.Dump;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tenants;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Jobs.Tenants;

/// <summary>Tenants by a schema for each: pg_dump of that schema and of those that all of them share, in a snapshot for each tenant.</summary>
internal sealed class SchemaBatch(ServerConnection server, string database, IReadOnlyList<string> shared, PgTools tools, string workFolder, Action<string> warn) : ITenantBatch
{
    public Task<ITenantSource> OpenAsync(CancellationToken cancellationToken) => Task.FromResult<ITenantSource>(new Source(this));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<TenantDump> ReadAsync(string tenant, DumpPacker packer, CancellationToken cancellationToken)
    {
        await TenantSchemas.CheckAsync(server, database, tenant, shared, cancellationToken);
        var request = new DumpRequest
        {
            ServerConnection = server,
            Database = database,
            PgTools = tools,
            Jobs = 1,
            WorkFolder = workFolder,
            Schemas = [tenant, .. shared],
        };
        var dump = await DatabaseDump.RunAsync(request, packer.Open, progress: null, cancellationToken);
        foreach (var warning in dump.Warnings)
        {
            warn(warning);
        }

        return Describe(tenant, dump);
    }

    private TenantDump Describe(string tenant, DumpOutcome dump)
    {
        if (dump.Tables.FirstOrDefault(table => KindOf(table, tenant) is null) is { } foreign)
        {
            throw new PgdrException(
                ErrorCodes.TenantForeignRows, $"{foreign.Rows} rows of table {foreign.Schema}.{foreign.Name} were dumped for tenant '{tenant}', to whom that schema does not belong: nothing of it is kept, report it.");
        }

        var contents = new BackupContents
        {
            Parts = [],
            Tables = dump.Tables,
            LargeObjects = dump.LargeObjects,
            Sequences = dump.Sequences,
            Database = dump.DatabaseProperties,
            Roles = dump.Roles,
            Tenant = new TenantContents
            {
                Id = tenant,
                Mode = TenantMode.Schema,
                Schemas = [tenant, .. shared],
                Tables = [.. dump.Tables.Select(table => new TenantTable { Schema = table.Schema, Name = table.Name, Kind = KindOf(table, tenant)!.Value })],
            },
        };
        var own = dump.Tables.Where(table => KindOf(table, tenant) == TenantTableKind.Schema).ToList();
        var facts = new TenantFacts
        {
            Id = tenant,
            Mode = TenantMode.Schema,
            Scan = new TenantScan(ByColumn: 0, ByForeignKey: 0, dump.Tables.Count - own.Count, ForeignRows: 0) { BySchema = own.Count },
        };
        return new TenantDump(contents, facts, dump.ServerIdentity, dump.SnapshotAt, own.Sum(static table => table.Rows));
    }

    /// <summary>Null: it is another tenant's.</summary>
    private TenantTableKind? KindOf(TableDigest table, string tenant) =>
        string.Equals(table.Schema, tenant, StringComparison.Ordinal) ? TenantTableKind.Schema
        // Configuration tables of extensions lie where those were put.
        : shared.Contains(table.Schema, StringComparer.Ordinal) || table.Schema == "public" ? TenantTableKind.Shared
        : null;

    private sealed class Source(SchemaBatch batch) : ITenantSource
    {
        public bool IsOpen => true;

        public Task<TenantDump> ReadAsync(string tenant, DumpPacker packer, CancellationToken cancellationToken) => batch.ReadAsync(tenant, packer, cancellationToken);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

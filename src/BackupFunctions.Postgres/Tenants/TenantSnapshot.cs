using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Dump;
using BackupFunctions.Postgres.Files;
using BackupFunctions.Postgres.Restore;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Postgres.Tenants;

/// <summary>
/// One snapshot of a database that many tenants are read from: what all of them share (structure, plan, facts) is read once, and each
/// <see cref="TenantReader"/> is a further connection.
/// </summary>
public sealed class TenantSnapshot : IAsyncDisposable
{
    /// <summary>What pg_dump calls the table of contents, which is all of an archive without rows.</summary>
    public const string SchemaFileName = "toc.dat";

    private readonly Snapshot _snapshot;
    private readonly PrivateFolder _folder;

    private TenantSnapshot(Snapshot snapshot, PrivateFolder folder) => (_snapshot, _folder) = (snapshot, folder);

    public required ServerConnection Server { get; init; }
    public required string Database { get; init; }
    public required TenantRules Rules { get; init; }
    public required ServerIdentity ServerIdentity { get; init; }
    public required DatabaseProperties DatabaseProperties { get; init; }
    public required IReadOnlyList<RoleDefinition> Roles { get; init; }

    /// <summary>One sentence each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Tables whose policies apply to the role that reads.</summary>
    public required IReadOnlyList<string> Hidden { get; init; }

    /// <summary>The structure of the whole database: a directory archive of pg_dump without rows.</summary>
    public string SchemaFile => Path.Combine(DumpFolder.Archive(_folder.Path), SchemaFileName);

    public DateTimeOffset TakenAt => _snapshot.TakenAt;

    internal TenantPlan Plan { get; private init; } = null!;

    internal RelationCatalog Catalog { get; private init; } = null!;

    internal IReadOnlyDictionary<string, SequenceValue> SequenceValues { get; private init; } = null!;

    internal string Encoding => DatabaseProperties.Encoding;

    /// <param name="server">Of the database.</param>
    /// <param name="database">Unquoted.</param>
    /// <param name="rules">Of its tenants.</param>
    /// <param name="tools">pg_dump.</param>
    /// <param name="workFolder">A private folder is made in it for the structure.</param>
    /// <param name="all">For all tenants: rows that belong to none are counted.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="PgdrException">tenant.tables, database.permission: nothing can be read as the settings say.</exception>
    public static async Task<TenantSnapshot> TakeAsync(
        ServerConnection server, string database, TenantRules rules, PgTools tools, string workFolder, bool all, CancellationToken cancellationToken)
    {
        var snapshot = await Snapshot.TakeAsync(server, database, cancellationToken);
        PrivateFolder? folder = null;
        try
        {
            // Names of types and operators come qualified.
            await snapshot.Connection.ExecuteAsync("set local search_path = ''", cancellationToken);
            await DumpPermissions.CheckGrantsAsync(snapshot.Connection, server, database, cancellationToken);
            var facts = await SnapshotFacts.ReadAsync(snapshot, [], cancellationToken);
            var catalog = await RelationCatalog.ReadAsync(snapshot.Connection, cancellationToken);
            var plan = await TenantPlan.MakeAsync(snapshot.Connection, catalog, rules, database, cancellationToken);
            var hidden = plan.CheckRowSecurity(rules, server, database);
            await TableLocks.TakeAsync(snapshot.Connection, plan, database, cancellationToken);
            folder = DumpFolder.Create(workFolder);
            await DumpSchemaAsync(server, database, tools, snapshot.Id, folder.Path, cancellationToken);
            return new TenantSnapshot(snapshot, folder)
            {
                Server = server,
                Database = database,
                Rules = rules,
                ServerIdentity = facts.Server,
                DatabaseProperties = facts.Database,
                Roles = facts.Roles,
                Warnings = [.. facts.Warnings, .. await TenantWarnings.ReadAsync(snapshot.Connection, plan, all, cancellationToken)],
                Hidden = hidden,
                Plan = plan,
                Catalog = catalog,
                SequenceValues = await SequenceReader.ReadAsync(snapshot.Connection, [], cancellationToken),
            };
        }
        catch
        {
            folder?.Dispose();
            await snapshot.DisposeAsync();
            throw;
        }
    }

    public async Task<TenantReader> OpenReaderAsync(CancellationToken cancellationToken) =>
        new(this, await TenantSession.OpenAsync(Server, Database, _snapshot.Id, cancellationToken));

    public async ValueTask DisposeAsync()
    {
        await _snapshot.DisposeAsync();
        _folder.Dispose();
    }

    private static Task DumpSchemaAsync(
        ServerConnection server, string database, PgTools tools, string snapshotId, string workFolder, CancellationToken cancellationToken) =>
        PgToolRunner.RunCheckedAsync(
            new ToolCommand(
                tools.PgDump,
                [
                    "--format=directory", "--schema-only", "--compress=0", "--snapshot=" + snapshotId, DumpFolder.FileArgument(workFolder),
                    "--no-sync", "--no-password", "--dbname=" + ConnectionInfo.For(server, database),
                ])
            {
                Server = server,
            },
            cancellationToken);
}

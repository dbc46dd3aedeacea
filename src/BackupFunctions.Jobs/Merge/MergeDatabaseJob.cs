using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Restore;
using BackupFunctions.Jobs.Servers;
using BackupFunctions.Jobs.Tenants;
using BackupFunctions.Postgres.Merge;
using BackupFunctions.Postgres.Tenants;

namespace BackupFunctions.Jobs.Merge;

/// <summary>
/// Rows of the scratch database of a restore into the live database: counted, or written, too. A transaction for each tenant. Run again
/// for the same restore, it writes nothing and says what was written.
/// </summary>
public sealed class MergeDatabaseJob
{
    private readonly JobEnvironment _environment;

    /// <summary>How long a table's lock is waited for.</summary>
    internal TimeSpan LockPatience { get; init; } = TimeSpan.FromSeconds(30);

    public MergeDatabaseJob(JobEnvironment environment) => _environment = environment;

    /// <exception cref="PgdrException">merge.*, tenant.*, settings.invalid, server.*: nothing was written, for a single tenant or none.</exception>
    public async Task<MergeRunResult> RunAsync(MergeParameters parameters, CancellationToken cancellationToken)
    {
        _environment.Reporter.Phase("merge");
        var request = await RequestAsync(parameters, cancellationToken);
        var server = ServerConnections.Named(_environment.Settings, parameters.TargetServer);
        var tables = new DelegateProgress<string>(_environment.Reporter.Detail);
        if (parameters.Tenants.Count == 0)
        {
            return new MergeRunResult([await DatabaseMerge.RunAsync(server, request, tables, cancellationToken)], []);
        }

        var merges = new List<MergeResult>();
        var failures = new List<TenantFailure>();
        foreach (var tenant in parameters.Tenants.Distinct(StringComparer.Ordinal))
        {
            try
            {
                merges.Add(await DatabaseMerge.RunAsync(server, request with { Tenant = tenant }, tables, cancellationToken));
            }
            catch (PgdrException e) when (parameters.Tenants.Count > 1 && e.Code is ErrorCodes.MergeRefused or ErrorCodes.MergeLocked or ErrorCodes.TenantForeignRows)
            {
                failures.Add(new TenantFailure(tenant, e.Code, e.Message));
            }
        }

        return new MergeRunResult(merges, failures);
    }

    private async Task<MergeRequest> RequestAsync(MergeParameters parameters, CancellationToken cancellationToken)
    {
        TenantContents? tenant;
        using (var workspace = RestoreWorkspace.Open(_environment.Settings, parameters.RestoreId))
        {
            tenant = (await workspace.LoadAsync(cancellationToken)).Contents.Tenant;
        }

        if (tenant is { Mode: TenantMode.Column } && (parameters.Tenants.Count != 1 || parameters.Tenants[0] != tenant.Id))
        {
            throw new PgdrException(
                ErrorCodes.InvalidSettings, $"The backup is of tenant '{tenant.Id}' alone: name that tenant and no other, or merge from a backup of the whole database.");
        }

        if (tenant is { Mode: TenantMode.Schema } && parameters.Tables.Count == 0)
        {
            throw new PgdrException(ErrorCodes.InvalidSettings, $"The backup is of tenant '{tenant.Id}' alone: name the tables of its schema, as schema.*");
        }

        if (parameters.Policy == MergePolicy.Newest && string.IsNullOrEmpty(parameters.NewestColumn))
        {
            throw new PgdrException(ErrorCodes.InvalidSettings, "The policy newest needs the column that tells which row is newer.");
        }

        return new MergeRequest
        {
            Live = parameters.Database,
            Backup = parameters.ScratchDatabase,
            BackupOid = parameters.ScratchOid,
            Policy = parameters.Policy,
            NewestColumn = parameters.NewestColumn,
            Tables = parameters.Tables,
            Rules = parameters.Tenants.Count > 0 ? Rules(parameters.Database) : null,
            Apply = parameters.Apply,
            LockPatience = LockPatience,
        };
    }

    private TenantRules Rules(string database) => ServerConnections.Database(_environment.Settings, database).Tenants switch
    {
        { Mode: TenantMode.Column } settings => TenantRulesFactory.Of(settings),
        { Mode: TenantMode.Schema } => throw new PgdrException(
            ErrorCodes.InvalidSettings, $"Each tenant of database '{database}' has a schema of its own: name its tables as schema.* in place of the tenant."),
        _ => throw new PgdrException(
            ErrorCodes.InvalidSettings, $"How the tenants of database '{database}' are told apart is not in the settings: set Tenants of that database."),
    };

    /// <summary>What a merge leaves: the scratch database. Its failure is told, the merge stands.</summary>
    /// <returns>Null, or a sentence that says what is left.</returns>
    public static async Task<string?> TryDropAsync(JobEnvironment environment, string targetServer, string restoreId, RestoreDatabaseResult restored)
    {
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            await Postgres.Restore.ScratchDatabase.DropAsync(
                ServerConnections.Named(environment.Settings, targetServer), restoreId, restored.ScratchOid, patience.Token);
            return null;
        }
        catch (Exception e) when (e is PgdrException or OperationCanceledException or Npgsql.NpgsqlException)
        {
            return $"The scratch database {restored.ScratchDatabase} is left on server '{targetServer}' ({e.Message.TrimEnd('.')}): DROP DATABASE \"{restored.ScratchDatabase}\"; removes it.";
        }
    }
}

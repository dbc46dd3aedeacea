using System.Collections.Concurrent;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Backup;
using BackupFunctions.Jobs.Files;
using BackupFunctions.Jobs.Servers;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tenants;
using BackupFunctions.Postgres.Tools;
using BackupFunctions.Settings;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace BackupFunctions.Jobs.Tenants;

/// <summary>
/// Backups of tenants, each with an id and a manifest of its own: one, several, or all that the settings list, a few side by side. What
/// fails for one tenant is its own matter; what would fail for all ends the run. A job started again for the same run leaves out who is done.
/// </summary>
public sealed class TenantBackupJob
{
    /// <summary>A snapshot that is held for hours keeps the server from removing dead rows.</summary>
    internal const int TenantsOfSnapshot = 200;

    private readonly JobEnvironment _environment;
    private readonly string _stateFolder;
    private readonly WarningLimit _warnings;

    /// <param name="environment">What every job works with.</param>
    /// <param name="stateFolder">The run's own folder.</param>
    public TenantBackupJob(JobEnvironment environment, string stateFolder)
    {
        _warnings = new WarningLimit(environment.Reporter);
        _environment = environment with { Reporter = _warnings };
        _stateFolder = stateFolder;
    }

    /// <returns>With the tenants that failed, if any.</returns>
    /// <exception cref="PgdrException">tenant.tables, tenant.unknown, database.permission: nothing was begun; server.*, copies.missing: the run cannot go on.</exception>
    public async Task<TenantBackupResult> RunAsync(TenantBackupParameters parameters, CancellationToken cancellationToken)
    {
        var settings = _environment.Settings;
        _environment.Reporter.Phase("prepare");
        var database = ServerConnections.Database(settings, parameters.Database);
        var rules = database.Tenants ?? throw new PgdrException(
            ErrorCodes.InvalidSettings, $"How the tenants of database '{database.Name}' are told apart is not in the settings: set Tenants of that database.");
        var server = ServerConnections.Named(settings, database.Server);
        using var keys = BackupWriterKeys.Load(settings.Keys);
        var workFolder = Path.Combine(settings.WorkPath, "dumps");
        JobFolders.Prepare(workFolder, "WORK_PATH");
        var probe = await ServerProbe.RunAsync(server, cancellationToken);
        var tools = await PgTools.FindAsync(probe.Major, settings.PostgresBinaries, cancellationToken);
        _environment.Reporter.WarnAll(tools.SecurityWarnings);
        var names = new TenantNames(server, database.Name, rules);
        var tenants = await names.ReadAsync(parameters.Tenants, cancellationToken);
        var unknown = await names.UnknownAsync(parameters.Tenants, cancellationToken);

        using var log = TenantRunLog.Open(
            settings.RunStorePath, settings.ClusterName, database.Name, parameters.Run ?? Guid.NewGuid().ToString("N"), _environment.Time.GetUtcNow());
        var run = new TenantRun(database.Name, tenants, log, _environment.Reporter);
        var writer = new TenantWriter(_environment, _environment.OpenTargets(), _stateFolder, tools, keys);
        _environment.Reporter.Phase(JobPhases.Tenants);
        foreach (var failure in unknown)
        {
            run.Add(failure);
        }

        foreach (var batch in run.Pending.Except(unknown.Select(failure => failure.Tenant), StringComparer.Ordinal).Chunk(TenantsOfSnapshot))
        {
            await using var source = await BeginAsync(server, database, tools, workFolder, parameters.Tenants is null, cancellationToken);
            await RunAsync(source, writer, run, database, batch, cancellationToken);
        }

        _warnings.End();
        return run.Result();
    }

    private async Task<ITenantBatch> BeginAsync(
        ServerConnection server, DatabaseSettings database, PgTools tools, string workFolder, bool all, CancellationToken cancellationToken)
    {
        if (database.Tenants!.Mode == TenantMode.Schema)
        {
            _environment.Reporter.WarnAll(await TenantSchemas.WarningsAsync(server, database.Name, cancellationToken));
            return new SchemaBatch(server, database.Name, database.Tenants.Shared, tools, workFolder, _environment.Reporter.Warn);
        }

        var snapshot = await TenantSnapshot.TakeAsync(server, database.Name, TenantRulesFactory.Of(database.Tenants), tools, workFolder, all, cancellationToken);
        _environment.Reporter.WarnAll(snapshot.Warnings);
        return new ColumnBatch(snapshot);
    }

    /// <summary>The first failure that is not a tenant's own ends the others.</summary>
    private async Task RunAsync(
        ITenantBatch batch, TenantWriter writer, TenantRun run, DatabaseSettings database, IReadOnlyList<string> tenants, CancellationToken cancellationToken)
    {
        var idle = new ConcurrentBag<ITenantSource>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism(database), CancellationToken = cancellationToken };
        try
        {
            await Parallel.ForEachAsync(tenants, options, async (tenant, token) =>
            {
                if (!idle.TryTake(out var source))
                {
                    source = await batch.OpenAsync(token);
                }

                try
                {
                    await RunAsync(source, writer, run, database.Name, tenant, token);
                }
                finally
                {
                    if (source.IsOpen)
                    {
                        idle.Add(source);
                    }
                    else
                    {
                        await source.DisposeAsync();
                    }
                }
            });
        }
        catch (NpgsqlException exception)
        {
            throw new PgdrException(
                ErrorCodes.ServerUnreachable,
                $"The connection to server '{database.Server}' broke while tenants were read: start the run again, tenants that are done are left out.", exception);
        }
        finally
        {
            foreach (var source in idle)
            {
                await source.DisposeAsync();
            }
        }
    }

    /// <summary>A dump of a schema takes two connections.</summary>
    private int Parallelism(DatabaseSettings database) =>
        database.Tenants!.Mode == TenantMode.Schema ? Math.Max(1, _environment.Settings.TenantJobs / 2) : _environment.Settings.TenantJobs;

    private async Task RunAsync(ITenantSource source, TenantWriter writer, TenantRun run, string database, string tenant, CancellationToken cancellationToken)
    {
        try
        {
            run.Add(await writer.RunAsync(database, tenant, (packer, token) => source.ReadAsync(tenant, packer, token), cancellationToken));
        }
        catch (Exception e) when (TenantFailures.Of(tenant, e, _environment.Loggers.CreateLogger<TenantBackupJob>()) is { } failure)
        {
            run.Add(failure);
        }
    }
}

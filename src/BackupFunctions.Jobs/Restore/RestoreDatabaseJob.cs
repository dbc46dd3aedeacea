using BackupFunctions.Catalog.Sources;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Servers;
using BackupFunctions.Postgres.Restore;
using BackupFunctions.Postgres.Restore.Selection;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tenants;
using BackupFunctions.Postgres.Tools;
using BackupFunctions.Storage.FanOut;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Jobs.Restore;

/// <summary>
/// Step 4 of the runbook, first half: pg_restore into a scratch database beside the live one, then every table's rows and digest, large
/// objects and sequences compared with the backup. pg_restore cannot resume, so an interrupted run begins with a new scratch database.
/// </summary>
public sealed class RestoreDatabaseJob
{
    private static readonly TimeSpan DropPatience = TimeSpan.FromSeconds(60);

    /// <summary>A target that hangs must not hold up a recovery for the sake of a statement.</summary>
    private static readonly TimeSpan ProofPatience = TimeSpan.FromSeconds(30);

    private readonly JobEnvironment _environment;

    public RestoreDatabaseJob(JobEnvironment environment) => _environment = environment;

    public async Task<RestoreDatabaseResult> RunAsync(RestoreDatabaseParameters parameters, CancellationToken cancellationToken)
    {
        var settings = _environment.Settings;
        _environment.Reporter.Phase("prepare");
        using var workspace = RestoreWorkspace.Open(settings, parameters.RestoreId);
        var backup = await workspace.LoadAsync(cancellationToken);
        var server = ServerConnections.Named(settings, parameters.TargetServer);
        var probe = await ServerProbe.RunAsync(server, cancellationToken);
        var tools = (await RestoreTools.FindAsync(_environment, backup.Manifest, probe.Major, cancellationToken)).Tools;
        if (parameters.Selection is { } selection)
        {
            await SelectiveRestore.CheckAsync(tools, workspace.DumpFolder, backup.Contents, selection, cancellationToken);
        }

        if (backup.Contents.Needs is { } needs)
        {
            _environment.Reporter.WarnAll(await RestoreNeedsCheck.RunAsync(server, needs, backup.Contents.Database, cancellationToken));
        }

        var created = await RoleRestore.CreateMissingAsync(server, backup.Contents.Roles, cancellationToken);
        if (created.Names.Count > 0)
        {
            _environment.Reporter.Warn($"Roles that were missing on server '{server.Name}' were created: {string.Join(", ", created.Names)}.");
        }

        _environment.Reporter.WarnAll(created.Warnings);

        Expected expected;
        var scratch = await ScratchDatabase.CreateAsync(server, parameters.RestoreId, backup.Contents.Database, cancellationToken);
        try
        {
            await LabelProviders.PrepareAsync(server, scratch.Name, backup.Contents.Needs, backup.Contents.Database, cancellationToken);
            await EmptySchemas.DropAsync(server, scratch.Name, backup.Contents.Tenant?.Schemas ?? [], cancellationToken);
            expected = await RestoreAsync(backup, parameters.Selection, tools, server, workspace.DumpFolder, scratch, cancellationToken);
            await CompareAsync(expected, SizeOf(workspace.DumpFolder), server, scratch, cancellationToken);
            if (backup.Contents.Tenant is { Mode: TenantMode.Column } tenant)
            {
                await TenantCheck.RunAsync(server, scratch.Name, tenant, cancellationToken);
            }
        }
        catch
        {
            await TryDropAsync(server, parameters.RestoreId, scratch);
            throw;
        }

        if (parameters.Selection is null)
        {
            await TryStateProofAsync(backup, cancellationToken);
        }

        return new RestoreDatabaseResult(scratch.Name, scratch.Oid, expected.Counted, expected.Tables.Sum(table => table.Rows));
    }

    private async Task<Expected> RestoreAsync(
        FetchedBackup backup, TableSelection? selection, PgTools tools, ServerConnection server, string folder, ScratchDatabase scratch, CancellationToken cancellationToken)
    {
        var reporter = _environment.Reporter;
        var size = SizeOf(folder);
        reporter.Phase("restore", size);
        var shown = new DelegateProgress<RestoreProgress>(progress =>
        {
            reporter.Bytes(size * progress.ItemsDone / Math.Max(1, progress.ItemsTotal));
            reporter.Detail(progress.Item);
        });
        var jobs = _environment.Settings.RestoreJobs;
        if (selection is not null)
        {
            var some = await SelectiveRestore.RunAsync(tools, server, folder, scratch.Name, backup.Contents, selection, jobs, shown, cancellationToken);
            reporter.WarnAll(some.Restore.Warnings);
            return new Expected(some.Tables, some.LargeObjects, some.Sequences, some.Selected);
        }

        var outcome = backup.Contents.Tenant is { Mode: TenantMode.Column }
            ? await TenantRestore.RunAsync(tools, server, folder, scratch.Name, backup.Contents, jobs, shown, cancellationToken)
            : await DatabaseRestore.RunAsync(tools, server, folder, scratch.Name, jobs, shown, cancellationToken);
        reporter.WarnAll(outcome.Warnings);
        var all = backup.Contents;
        return new Expected(all.Tables, all.LargeObjects, all.Sequences, all.Tables.Count);
    }

    private async Task CompareAsync(Expected expected, long size, ServerConnection server, ScratchDatabase scratch, CancellationToken cancellationToken)
    {
        var reporter = _environment.Reporter;
        reporter.Phase("compare", size);
        await DatabaseComparison.CompareAsync(
            server,
            scratch.Name,
            expected.Tables,
            expected.LargeObjects,
            expected.Sequences,
            _environment.Settings.RestoreJobs,
            new DelegateProgress<ComparisonProgress>(progress =>
            {
                reporter.Bytes(size * progress.TablesDone / Math.Max(1, progress.TablesTotal));
                reporter.Detail(progress.Table);
            }),
            cancellationToken);
    }

    /// <summary>Bytes of the dump.</summary>
    private static long SizeOf(string folder) => new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length);

    private static string ProofOf(FetchedBackup backup) => backup.Manifest.Tenant is not null
        ? "restored; rows, digests and sequences equal, no row of another tenant"
        : backup.Manifest.Base is null
        ? "restored; rows, digests, large objects and sequences equal"
        : $"restored and its log replayed; database {backup.Contents.Database.Name} dumped and restored: rows, digests, large objects and sequences equal";

    /// <summary>A restore that failed leaves no half database behind; why it failed is what matters, not that this worked.</summary>
    private async Task TryDropAsync(ServerConnection server, string restoreId, ScratchDatabase scratch)
    {
        try
        {
            using var patience = new CancellationTokenSource(DropPatience);
            await ScratchDatabase.DropAsync(server, restoreId, scratch.Oid, patience.Token);
        }
        catch (Exception e)
        {
            _environment.Reporter.Warn(
                $"The scratch database {scratch.Name} is left on server '{server.Name}' ({e.Message.TrimEnd('.')}): DROP DATABASE \"{scratch.Name}\"; removes it.");
        }
    }

    /// <summary>A backup that was really restored and compared is PROVEN; that this cannot be written must not hold up a recovery.</summary>
    private async Task TryStateProofAsync(FetchedBackup backup, CancellationToken cancellationToken)
    {
        if (_environment.Settings.Keys.SigningKey is null)
        {
            return;
        }

        try
        {
            using var signingKey = KeyLoader.Signing(_environment.Settings.Keys);
            var session = new FanOutSession(
                _environment.OpenTargets(), requiredCopies: 1, _environment.Loggers.CreateLogger<FanOutSession>(), ProofPatience);
            var statement = StatementWriter.Proven(
                backup.Manifest, backup.Document, _environment.Time.GetUtcNow(), ProofOf(backup), signingKey);
            await StatementWriter.PutAsync(session, statement, signingKey, cancellationToken);
        }
        catch (PgdrException e)
        {
            _environment.Reporter.Warn($"The proof of this backup could not be written: {e.Message}");
        }
    }

    /// <param name="Tables">What the scratch database must hold.</param>
    /// <param name="LargeObjects">All together.</param>
    /// <param name="Sequences">All of them.</param>
    /// <param name="Counted">Tables that were asked for.</param>
    private sealed record Expected(IReadOnlyList<TableDigest> Tables, LargeObjectDigest LargeObjects, IReadOnlyList<SequenceValue> Sequences, int Counted);
}

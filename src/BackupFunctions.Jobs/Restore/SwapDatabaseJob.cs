using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Files;
using BackupFunctions.Jobs.Servers;
using BackupFunctions.Postgres.Restore;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Swap;

namespace BackupFunctions.Jobs.Restore;

/// <summary>Step 4 of the runbook, second half: the proven scratch database takes the live name; what had it is kept.</summary>
public sealed class SwapDatabaseJob
{
    private readonly JobEnvironment _environment;

    public SwapDatabaseJob(JobEnvironment environment) => _environment = environment;

    public async Task<SwapDatabaseResult> RunAsync(SwapDatabaseParameters parameters, CancellationToken cancellationToken)
    {
        _environment.Reporter.Phase("swap");
        using var workspace = RestoreWorkspace.Open(_environment.Settings, parameters.RestoreId);
        var backup = await workspace.LoadAsync(cancellationToken);
        var outcome = await DatabaseSwap.RunAsync(
            ServerConnections.Named(_environment.Settings, parameters.TargetServer),
            parameters.RestoreId,
            parameters.ScratchDatabase,
            parameters.ScratchOid,
            parameters.Database,
            backup.Contents.Database,
            cancellationToken);
        await TryRestoreSubscriptionsAsync(workspace, backup, parameters, cancellationToken);
        DeleteDump(workspace);
        return new SwapDatabaseResult(outcome.KeptDatabase, outcome.EndedSessions);
    }

    /// <summary>
    /// Only now, so that no scratch database ever has one: the server would not drop it. The database is live: what fails here is worth
    /// a warning, not a failed recovery. Run again after the dump was removed there is nothing left to do. A part of a database receives nothing.
    /// </summary>
    private async Task TryRestoreSubscriptionsAsync(
        RestoreWorkspace workspace, FetchedBackup backup, SwapDatabaseParameters parameters, CancellationToken cancellationToken)
    {
        if (parameters.Partial || backup.Contents.Tenant is not null || !Directory.Exists(workspace.DumpFolder))
        {
            return;
        }

        try
        {
            var server = ServerConnections.Named(_environment.Settings, parameters.TargetServer);
            var probe = await ServerProbe.RunAsync(server, cancellationToken);
            var tools = (await RestoreTools.FindAsync(_environment, backup.Manifest, probe.Major, cancellationToken)).Tools;
            _environment.Reporter.WarnAll(
                await SubscriptionRestore.RunAsync(tools, server, workspace.DumpFolder, parameters.Database, cancellationToken));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _environment.Reporter.Warn(
                $"Subscriptions of the backup, if it has any, were left out ({e.Message.TrimEnd('.')}): create them again when the recovered database is to receive changes.");
        }
    }

    /// <summary>The database is live: rows that stay in the work folder are worth a warning, not a failed recovery.</summary>
    private void DeleteDump(RestoreWorkspace workspace)
    {
        try
        {
            workspace.DeleteDump();
        }
        catch (Exception e) when (JobFolders.IsFileFailure(e))
        {
            _environment.Reporter.Warn($"The decrypted dump in {workspace.DumpFolder} could not be removed ({e.Message}): delete it.");
        }
    }
}

using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Files;
using BackupFunctions.Jobs.Servers;
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
        DeleteDump(workspace);
        return new SwapDatabaseResult(outcome.KeptDatabase, outcome.EndedSessions);
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

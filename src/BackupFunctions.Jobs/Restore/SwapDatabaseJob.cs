using BackupFunctions.Contracts.Jobs;
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
        var workspace = new RestoreWorkspace(_environment.Settings, parameters.RestoreId);
        var backup = workspace.Load();
        var outcome = await DatabaseSwap.RunAsync(
            ServerConnections.Named(_environment.Settings, parameters.TargetServer),
            parameters.RestoreId,
            parameters.ScratchDatabase,
            parameters.ScratchOid,
            parameters.Database,
            backup.Contents.Database,
            cancellationToken);
        return new SwapDatabaseResult(outcome.KeptDatabase, outcome.EndedSessions);
    }
}

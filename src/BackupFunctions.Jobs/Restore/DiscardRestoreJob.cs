using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Files;
using BackupFunctions.Jobs.Servers;
using BackupFunctions.Postgres.Recovery;
using BackupFunctions.Postgres.Restore;

namespace BackupFunctions.Jobs.Restore;

/// <summary>A recovery was given up, or a merge has ended: the isolated server is ended, its scratch database and all of its work folder go.</summary>
public sealed class DiscardRestoreJob
{
    private readonly JobEnvironment _environment;

    public DiscardRestoreJob(JobEnvironment environment) => _environment = environment;

    /// <exception cref="PgdrException">settings.invalid: another job works on it, or it cannot be removed; those of a server that is away.</exception>
    public async Task<DiscardRestoreParameters> RunAsync(DiscardRestoreParameters parameters, CancellationToken cancellationToken)
    {
        _environment.Reporter.Phase("discard");
        using var workspace = RestoreWorkspace.Open(_environment.Settings, parameters.RestoreId);
        try
        {
            await OrphanedServer.EndAsync(workspace.Server.DataFolder, _environment.Time, cancellationToken);
            if (parameters.TargetServer is { } server)
            {
                await ScratchDatabase.DiscardAsync(ServerConnections.Named(_environment.Settings, server), parameters.RestoreId, cancellationToken);
            }

            workspace.Delete();
            return parameters;
        }
        catch (Exception e) when (JobFolders.IsFileFailure(e))
        {
            throw JobFolders.Explain(_environment.Settings.WorkPath, "WORK_PATH", e);
        }
    }
}

using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Files;
using BackupFunctions.Postgres.Recovery;

namespace BackupFunctions.Jobs.Restore;

/// <summary>A recovery was given up before its dump was there: the isolated server is ended, and all of its work folder goes.</summary>
public sealed class DiscardRestoreJob
{
    private readonly JobEnvironment _environment;

    public DiscardRestoreJob(JobEnvironment environment) => _environment = environment;

    /// <exception cref="PgdrException">settings.invalid: another job works on it; or it cannot be removed.</exception>
    public async Task<DiscardRestoreParameters> RunAsync(DiscardRestoreParameters parameters, CancellationToken cancellationToken)
    {
        _environment.Reporter.Phase("discard");
        using var workspace = RestoreWorkspace.Open(_environment.Settings, parameters.RestoreId);
        try
        {
            await OrphanedServer.EndAsync(workspace.Server.DataFolder, _environment.Time, cancellationToken);
            workspace.Delete();
            return parameters;
        }
        catch (Exception e) when (JobFolders.IsFileFailure(e))
        {
            throw JobFolders.Explain(_environment.Settings.WorkPath, "WORK_PATH", e);
        }
    }
}

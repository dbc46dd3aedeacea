using BackupFunctions.Jobs.Files;

namespace BackupFunctions.Jobs.Restore;

/// <summary>The frame of the jobs that fill the workspace of a recovery.</summary>
internal static class WorkspaceRun
{
    /// <exception cref="Contracts.PgdrException">As <see cref="RestoreWorkspace.Open"/>; disk.full, settings.invalid: the work folder's disk failed.</exception>
    public static async Task<T> RunAsync<T>(JobEnvironment environment, string restoreId, Func<RestoreWorkspace, Task<T>> fill)
    {
        WorkspaceSweep.Run(environment.Settings, environment.Time);
        using var workspace = RestoreWorkspace.Open(environment.Settings, restoreId);
        try
        {
            return await fill(workspace);
        }
        catch (Exception e) when (JobFolders.IsFileFailure(e))
        {
            throw JobFolders.Explain(environment.Settings.WorkPath, "WORK_PATH", e);
        }
    }
}

using BackupFunctions.Jobs.Files;
using BackupFunctions.Settings;

namespace BackupFunctions.Jobs.Restore;

/// <summary>Removes the work folder of a restore that is over.</summary>
public static class RestoreCleanup
{
    /// <returns>Null, or a sentence that says what is left and why.</returns>
    public static string? TryRun(BackupSettings settings, string restoreId)
    {
        try
        {
            using var workspace = RestoreWorkspace.Open(settings, restoreId);
            workspace.Delete();
            return null;
        }
        catch (Exception e) when (JobFolders.IsFileFailure(e) || e is Contracts.PgdrException)
        {
            return $"The work folder of restore {restoreId} below {settings.WorkPath} could not be removed ({e.Message.TrimEnd('.')}): it holds decrypted data, delete it.";
        }
    }
}

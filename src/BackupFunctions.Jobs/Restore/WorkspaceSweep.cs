using BackupFunctions.Jobs.Files;
using BackupFunctions.Settings;

namespace BackupFunctions.Jobs.Restore;

/// <summary>Removes work folders of recoveries that nobody came back to: they hold whole databases in plaintext.</summary>
internal static class WorkspaceSweep
{
    private static readonly TimeSpan StaleAfter = TimeSpan.FromDays(7);

    /// <summary>Never fails: a folder that cannot be removed now is tried again by the next recovery.</summary>
    public static void Run(BackupSettings settings, TimeProvider time)
    {
        var parent = RestoreWorkspace.ParentFolder(settings);
        if (!Directory.Exists(parent))
        {
            return;
        }

        var oldest = time.GetUtcNow().UtcDateTime - StaleAfter;
        foreach (var folder in Directory.GetDirectories(parent).Where(folder => LastUse(folder) < oldest))
        {
            try
            {
                using var held = WorkspaceLock.TryAcquire(RestoreWorkspace.LockOf(folder));
                if (held is not null)
                {
                    Directory.Delete(folder, recursive: true);
                    File.Delete(RestoreWorkspace.LockOf(folder));
                }
            }
            catch (Exception e) when (JobFolders.IsFileFailure(e))
            {
                // Somebody else's, or removed by another sweep just now.
            }
        }
    }

    private static DateTime LastUse(string folder) =>
        Directory.EnumerateFileSystemEntries(folder).Append(folder).Max(Directory.GetLastWriteTimeUtc);
}

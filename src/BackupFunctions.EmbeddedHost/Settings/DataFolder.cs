using BackupFunctions.Contracts;

namespace BackupFunctions.EmbeddedHost.Settings;

/// <summary>The host's own folder.</summary>
internal static class DataFolder
{
    /// <summary>
    /// Exists afterwards, for its owner alone; root's may be passed through, because the server's account has its folder inside.
    /// </summary>
    /// <exception cref="PgdrException">It cannot be made.</exception>
    public static void Ensure(string folder)
    {
        try
        {
            if (!Directory.Exists(folder))
            {
                OwnerOnly.Folder(folder);
            }

            if (Environment.IsPrivilegedProcess)
            {
                OwnerOnly.LetPass(folder);
            }
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new PgdrException(ErrorCodes.InvalidSettings, $"The data folder {folder} cannot be made; set DATA_FOLDER elsewhere: {cause.Message}", cause);
        }
    }
}

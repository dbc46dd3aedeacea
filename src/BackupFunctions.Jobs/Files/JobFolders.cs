using BackupFunctions.Contracts;

namespace BackupFunctions.Jobs.Files;

/// <summary>Folders of the settings that jobs write to: checked before the work begins, and their failures told in one sentence.</summary>
internal static class JobFolders
{
    /// <summary>Hold plaintext: for this account only.</summary>
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // errno(3) of Linux, as .NET hands it on.
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;

    /// <summary>Creates the folder and writes to it once: that a disk is full or read-only shows by writing only.</summary>
    /// <param name="folder">May exist.</param>
    /// <param name="setting">What names it in the settings.</param>
    /// <exception cref="PgdrException">disk.full or settings.invalid.</exception>
    public static void Prepare(string folder, string setting)
    {
        try
        {
            Directory.CreateDirectory(folder, OwnerOnly);
            var probe = Path.Combine(folder, $".pgdr-probe-{Guid.NewGuid():N}");
            File.WriteAllBytes(probe, [1]);
            File.Delete(probe);
        }
        catch (Exception e) when (IsFileFailure(e))
        {
            throw Explain(folder, setting, e);
        }
    }

    public static bool IsFileFailure(Exception exception) => exception is IOException or UnauthorizedAccessException;

    public static PgdrException Explain(string folder, string setting, Exception exception) =>
        exception.HResult is NoSpace or QuotaExceeded
            ? new PgdrException(
                ErrorCodes.DiskFull, $"The disk of {folder} is full: make room, or set {setting} to a folder on a larger disk.", exception)
            : new PgdrException(
                ErrorCodes.InvalidSettings,
                $"The folder {folder} cannot be used ({exception.Message.TrimEnd('.')}): let this account write to it, or set {setting} to another folder.",
                exception);
}

using BackupFunctions.Contracts;

namespace BackupFunctions.Storage.Local;

/// <summary>Turns what the file system answers into the codes of storage. The numbers are those of errno(3) on Linux.</summary>
internal static class LocalErrors
{
    private const int PermissionDenied = 13;
    private const int OperationNotPermitted = 1;
    private const int AlreadyExists = 17;
    private const int NotAFolder = 20;
    private const int NoSpace = 28;
    private const int ReadOnlyFileSystem = 30;
    private const int QuotaExceeded = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    public static bool IsFileSystem(Exception exception) => exception is IOException or UnauthorizedAccessException;

    public static StorageException Translate(string target, string root, string doing, Exception exception) => exception switch
    {
        { HResult: NoSpace or QuotaExceeded or WindowsDiskFull } => Full(target, root, doing, exception),
        UnauthorizedAccessException or { HResult: PermissionDenied or OperationNotPermitted } => new(
            ErrorCodes.TargetRefused, target,
            $"Target {target} refused {doing} below {root}: give the account {Environment.UserName} read and write access to this folder.",
            exception),
        { HResult: ReadOnlyFileSystem } => new(
            ErrorCodes.TargetRefused, target,
            $"Target {target} refused {doing}: the file system of {root} is mounted read-only; mount it read-write.", exception),
        { HResult: NotAFolder or AlreadyExists } => new(
            ErrorCodes.TargetRefused, target,
            $"Target {target} refused {doing} below {root}: a file stands where a folder is needed ({exception.Message}).", exception),
        _ => new(
            ErrorCodes.TargetUnreachable, target,
            $"Target {target} failed {doing} below {root}: {exception.Message}; check the disk or its mount.", exception),
    };

    private static StorageException Full(string target, string root, string doing, Exception exception) => new(
        ErrorCodes.TargetFull, target,
        $"Target {target} is full: no space {doing} below {root}; free some or choose a larger disk.", exception);
}

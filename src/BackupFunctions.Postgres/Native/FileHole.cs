using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BackupFunctions.Postgres.Native;

/// <summary>fallocate(2): gives a range of a file back to the file system without changing its length.</summary>
internal static partial class FileHole
{
    private const int KeepSizeAndPunch = 1 | 2;

    /// <summary>Nothing happens on file systems that cannot (EOPNOTSUPP): the space then comes back when the file is deleted.</summary>
    public static void Punch(SafeFileHandle file, long offset, long length) => _ = Allocate(file, KeepSizeAndPunch, offset, length);

    [LibraryImport("libc", EntryPoint = "fallocate")]
    private static partial int Allocate(SafeFileHandle file, int mode, long offset, long length);
}

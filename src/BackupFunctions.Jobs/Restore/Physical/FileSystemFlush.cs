using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BackupFunctions.Jobs.Restore.Physical;

/// <summary>Makes everything on a file system durable at once: a data directory has too many files for one flush each. See syncfs(2).</summary>
internal static partial class FileSystemFlush
{
    /// <param name="file">Any file of that file system.</param>
    /// <exception cref="IOException">Something could not be written.</exception>
    public static void Run(string file)
    {
        using var handle = File.OpenHandle(file);
        if (SyncFileSystem(handle) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            throw new IOException($"{Marshal.GetPInvokeErrorMessage(error)}: {file}", error);
        }
    }

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SyncFileSystem(SafeFileHandle file);
}

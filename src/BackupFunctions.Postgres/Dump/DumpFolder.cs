using System.Diagnostics;
using System.Text;
using BackupFunctions.Postgres.Files;

namespace BackupFunctions.Postgres.Dump;

/// <summary>The private folder of one dump. What killed dumps left, files and tools, is removed first.</summary>
internal static class DumpFolder
{
    private const string Prefix = "pgdr-dump-";

    public static PrivateFolder Create(string workFolder)
    {
        PrivateFolder.SweepStale(workFolder, Prefix, EndOrphans);
        return PrivateFolder.Create(workFolder, Prefix);
    }

    /// <summary>Where pg_dump writes, inside the private folder.</summary>
    public static string Archive(string folder) => Path.Combine(folder, "archive");

    public static string FileArgument(string folder) => "--file=" + Archive(folder);

    /// <summary>
    /// pg_dump dies with us, but a worker of it notices that only at its table's end. Its arguments name the folder, whose name is
    /// random: no other process can be meant.
    /// </summary>
    private static void EndOrphans(string folder)
    {
        var argument = FileArgument(folder);
        foreach (var process in Process.GetProcesses())
        {
            using (process)
            {
                if (Arguments(process.Id).Contains(argument, StringComparer.Ordinal))
                {
                    process.Kill();
                    process.WaitForExit();
                }
            }
        }
    }

    private static string[] Arguments(int processId)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{processId}/cmdline")).Split('\0');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended, or it is somebody else's.
            return [];
        }
    }
}

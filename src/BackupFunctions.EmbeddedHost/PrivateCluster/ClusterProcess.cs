using System.Globalization;

namespace BackupFunctions.EmbeddedHost.PrivateCluster;

/// <summary>Server processes of a data directory, found by their working directory, which a server sets to it.</summary>
internal static class ClusterProcess
{
    private const string ProcFolder = "/proc";

    /// <summary>Elsewhere pg_ctl alone has to judge.</summary>
    public static bool CanLook => Directory.Exists(ProcFolder + "/self");

    /// <summary>The postmaster, or backends that outlived it for a moment.</summary>
    public static bool AnyIn(string dataDirectory) =>
        Directory.EnumerateDirectories(ProcFolder)
            .Where(process => int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Any(process => string.Equals(WorkingFolder(process), dataDirectory, StringComparison.Ordinal));

    /// <summary>
    /// A lock file that a killed server left names a process id that may be somebody else's by now, and PostgreSQL then refuses to start.
    /// Called only when no process works in the data directory.
    /// </summary>
    public static void RemoveStaleLockFile(string dataDirectory) => File.Delete(Path.Combine(dataDirectory, "postmaster.pid"));

    private static string? WorkingFolder(string process)
    {
        try
        {
            return new FileInfo(Path.Combine(process, "cwd")).LinkTarget;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile, or belongs to an account that could not run our server.
            return null;
        }
    }
}

using System.Diagnostics;
using System.Globalization;

namespace BackupFunctions.Postgres.Recovery;

/// <summary>A recovering server whose process was killed above it: it ends by itself soon, and until then its files must be left alone.</summary>
public static class OrphanedServer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits for the end of a server that runs on the directory, and kills it when it does not end.</summary>
    /// <param name="dataFolder">Need not exist.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task EndAsync(string dataFolder, TimeProvider time, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (Find(dataFolder) is { } server)
        {
            using (server)
            {
                if (time.GetElapsedTime(started) > Patience)
                {
                    server.Kill();
                }
            }

            await Task.Delay(Look, time, cancellationToken);
        }
    }

    /// <summary>A process id is given to others in the end: only one that works in this directory is meant.</summary>
    private static Process? Find(string dataFolder)
    {
        try
        {
            var first = File.ReadLines(Path.Combine(dataFolder, "postmaster.pid")).FirstOrDefault();
            return int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && string.Equals(new FileInfo($"/proc/{id}/cwd").LinkTarget, Path.GetFullPath(dataFolder), StringComparison.Ordinal)
                ? Process.GetProcessById(id)
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // No such file, or no such process any more.
            return null;
        }
    }
}

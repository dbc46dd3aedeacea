namespace BackupFunctions.Jobs.Restore.Physical.Tablespaces;

/// <summary>Space on every disk that a restore writes to.</summary>
internal static class TablespaceDisks
{
    /// <param name="dataDirectory">A full path.</param>
    /// <param name="needed">Bytes of everything, tablespaces included.</param>
    /// <param name="places">Of the tablespaces.</param>
    /// <exception cref="Contracts.PgdrException">disk.full</exception>
    public static void Check(string dataDirectory, long needed, TablespacePlaces places)
    {
        var sizes = places.Sizes.Prepend((Location: dataDirectory, Bytes: needed - places.Sizes.Sum(item => item.Bytes)));
        var mounts = places.IsEmpty ? ["/"] : DriveInfo.GetDrives().Select(drive => drive.Name).ToArray();
        foreach (var disk in sizes.GroupBy(item => MountOf(item.Location, mounts), StringComparer.Ordinal))
        {
            DataDirectory.CheckDisk(disk.First().Location, disk.Sum(item => item.Bytes));
        }
    }

    private static string MountOf(string path, string[] mounts) => mounts
        .Where(mount => (path + "/").StartsWith(mount.TrimEnd('/') + "/", StringComparison.Ordinal))
        .MaxBy(mount => mount.Length) ?? "/";
}

using BackupFunctions.Jobs.Files;
using BackupFunctions.Postgres.Files;

namespace BackupFunctions.Jobs.Wal;

/// <summary>Where one receiver keeps the segments it is archiving: private, gone with it; what a killed one left is swept by the next.</summary>
internal sealed class WalSpoolFolder : IDisposable
{
    private const string Prefix = "wal-";

    private readonly PrivateFolder _folder;

    private WalSpoolFolder(PrivateFolder folder) => _folder = folder;

    public string Path => _folder.Path;

    /// <exception cref="Contracts.PgdrException">The work folder cannot be used.</exception>
    public static WalSpoolFolder Create(string workPath)
    {
        var parent = System.IO.Path.Combine(workPath, "wal");
        JobFolders.Prepare(parent, "WORK_PATH");
        PrivateFolder.SweepStale(parent, Prefix);
        return new WalSpoolFolder(PrivateFolder.Create(parent, Prefix));
    }

    public void Dispose() => _folder.Dispose();
}

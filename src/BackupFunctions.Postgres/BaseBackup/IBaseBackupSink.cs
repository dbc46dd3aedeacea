namespace BackupFunctions.Postgres.BaseBackup;

/// <summary>Takes a base backup entry by entry, in the server's order: pg_control is its last file, the manifest comes after it.</summary>
public interface IBaseBackupSink
{
    /// <param name="path">Below the data directory, with '/', not checked.</param>
    /// <param name="mode">Permissions.</param>
    void Directory(string path, UnixFileMode mode);

    /// <param name="path">Below the data directory, with '/', not checked.</param>
    /// <param name="mode">Permissions.</param>
    /// <param name="length">Bytes of <paramref name="content"/>.</param>
    /// <param name="content">Valid until the returned task ends; what is not read is left out.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task FileAsync(string path, UnixFileMode mode, long length, Stream content, CancellationToken cancellationToken);

    /// <summary>The server's own backup_manifest, which pg_verifybackup reads.</summary>
    Task ManifestAsync(Stream content, CancellationToken cancellationToken);
}

using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Recovery;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Jobs.Restore.Physical.Delta;

/// <summary>Whether a data directory may be overwritten by a backup: its server is stopped, and it is the same server's.</summary>
internal static class ExistingDirectory
{
    /// <param name="path">Exists and holds something.</param>
    /// <param name="manifest">Of the backup.</param>
    /// <param name="tools">Of the server's version.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="PgdrException">database.exists: it is another server's, runs, or has tablespaces. Nothing was touched.</exception>
    public static async Task RequireSameServerAsync(string path, Manifest manifest, PgTools tools, CancellationToken cancellationToken)
    {
        var identifier = await StoppedServer.FindSystemIdentifierAsync(tools.BinariesFolder, path, cancellationToken)
            ?? throw new PgdrException(ErrorCodes.DatabaseExists, $"{path} is not a data directory whose server can be told (global/pg_control): a delta restore needs one of the server that was backed up; name a new directory, or leave out --delta.");
        if (!string.Equals(identifier, manifest.Server.SystemIdentifier, StringComparison.Ordinal))
        {
            throw new PgdrException(
                ErrorCodes.DatabaseExists, $"{path} is the data directory of another server (system identifier {identifier}, the backup has {manifest.Server.SystemIdentifier}): name the right one, or a new directory.");
        }

        var tablespaces = Path.Combine(path, "pg_tblspc");
        if (Directory.Exists(tablespaces) && Directory.EnumerateFileSystemEntries(tablespaces).Any())
        {
            throw new PgdrException(ErrorCodes.TablespacesRefused, $"{path} has further tablespaces (pg_tblspc), which a delta restore would not touch: name a new directory.");
        }
    }
}

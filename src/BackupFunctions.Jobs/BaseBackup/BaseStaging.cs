using System.Globalization;
using BackupFunctions.Contracts;
using BackupFunctions.Jobs.Files;
using BackupFunctions.Postgres.BaseBackup;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Settings;

namespace BackupFunctions.Jobs.BaseBackup;

/// <summary>Where pg_basebackup writes when a server has further tablespaces; without them nothing is staged.</summary>
internal static class BaseStaging
{
    /// <summary>
    /// At most the whole server piles up there: as much as it sends faster than the targets take it. That much has to be free, as a backup
    /// that ends in the middle is worth nothing.
    /// </summary>
    /// <returns>Null: none is needed.</returns>
    /// <exception cref="PgdrException">disk.full, settings.invalid; server.tablespaces: an incremental backup cannot have them.</exception>
    public static string? Prepare(BackupSettings settings, ServerConnection server, BaseBackupServer examined, bool isIncremental, Action<string> warn)
    {
        if (examined.Tablespaces.Count == 0)
        {
            return null;
        }

        var names = string.Join(", ", examined.Tablespaces.Select(tablespace => tablespace.Name));
        if (isIncremental)
        {
            throw new PgdrException(ErrorCodes.TablespacesRefused, $"Server '{server.Name}' got further tablespaces ({names}), which incremental backups do not cover: back it up again, that will be a whole base backup.");
        }

        var folder = Path.Combine(settings.WorkPath, "bases");
        JobFolders.Prepare(folder, "WORK_PATH");
        if (examined.Bytes is not { } needed)
        {
            warn($"Whether the disk of {folder} has room for what server '{server.Name}' with its tablespaces may pile up there is not known: GRANT pg_read_all_stats to its role {server.Username} lets sizes be read.");
            return folder;
        }

        var free = new DriveInfo(folder).AvailableFreeSpace;
        return free >= needed ? folder : throw new PgdrException(
            ErrorCodes.DiskFull,
            string.Create(CultureInfo.InvariantCulture, $"Server '{server.Name}' has further tablespaces ({names}), so that up to {needed / 1048576:N0} MiB of it can pile up in {folder}, where {free / 1048576:N0} MiB are free: make room, or set WORK_PATH to a folder on a larger disk."));
    }
}

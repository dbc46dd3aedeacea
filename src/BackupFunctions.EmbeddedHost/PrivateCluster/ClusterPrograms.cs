using System.Globalization;
using BackupFunctions.Contracts;
using BackupFunctions.EmbeddedHost.Settings;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.EmbeddedHost.PrivateCluster;

/// <summary>
/// Which server programs run the private cluster. Its data can be opened by the major version alone that made it: when an upgrade of the
/// distribution took that away, the data is kept aside and the host begins afresh. The caller holds the start lock.
/// </summary>
/// <param name="folders">Where the cluster is.</param>
/// <param name="setting">POSTGRES_BIN, or null to search.</param>
/// <param name="time">For the name of what is kept aside.</param>
/// <param name="logger">Hears of it.</param>
internal sealed class ClusterPrograms(ClusterFolders folders, string? setting, TimeProvider time, ILogger logger)
{
    public ClusterFolders Folders => folders;

    /// <exception cref="PgdrException">No programs fit, and the state cannot be kept aside; says what to do.</exception>
    public async Task<ServerBinaries> FindAsync(bool mayKeepAside, CancellationToken cancellationToken)
    {
        if (!folders.IsInitialized)
        {
            return await ServerBinaries.FindNewestAsync(setting, cancellationToken);
        }

        var major = await MajorAsync(cancellationToken);
        if (await ServerBinaries.OfMajorAsync(setting, major, cancellationToken) is { } fitting)
        {
            return fitting;
        }

        var newest = await ServerBinaries.NewestAsync(setting, cancellationToken);
        if (!mayKeepAside || newest is null || newest.Major < major)
        {
            throw new PgdrException(ErrorCodes.ToolMissing, Missing(major, newest));
        }

        KeepAside(major, newest.Major);
        return newest;
    }

    /// <summary>The data stays as it is, under another name in the same folder; nothing is ever deleted.</summary>
    private void KeepAside(int major, int newest)
    {
        using var alone = FileLock.TryTake(folders.UseLock);
        if (alone is null || (ClusterProcess.CanLook && ClusterProcess.AnyIn(folders.State)))
        {
            throw new PgdrException(
                ErrorCodes.ToolMissing,
                $"PostgreSQL {major}, which made the host's state, is no longer installed, but {(alone is null ? "another host" : "its server")} still "
                + $"works in {folders.State}: end that, and start again.");
        }

        var aside = folders.AsideOf(major, time.GetUtcNow().UtcDateTime);
        Directory.Move(folders.State, aside);
        logger.LogWarning(
            "The host's state was made by PostgreSQL {OldMajor}, which is no longer installed, and PostgreSQL {NewMajor} cannot read it. It is kept in {Aside}, "
            + "and the host begins with fresh state: workflows that ran are not continued, backups and reports are not affected. To get the old state "
            + "back, stop the host, install the server package of PostgreSQL {OldMajor}, move {State} away, rename {Aside} to {State}, and start the host",
            major, newest, aside, major, folders.State, aside, folders.State);
    }

    private async Task<int> MajorAsync(CancellationToken cancellationToken)
    {
        var text = (await File.ReadAllTextAsync(folders.VersionFile, cancellationToken)).Trim();
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            ? major
            : throw new PgdrException(
                ErrorCodes.ToolFailed, $"{folders.VersionFile} holds '{text}', which is no version of PostgreSQL: move {folders.State} away to begin afresh.");
    }

    private string Missing(int major, ServerBinaries? newest)
    {
        var keeps = newest?.Major > major ? $"; a host that starts without it keeps the state aside and begins afresh with PostgreSQL {newest.Major}" : string.Empty;
        return $"The host's state in {folders.State} was made by PostgreSQL {major}, whose server programs are not on this machine: "
            + $"install PostgreSQL {major}, or set POSTGRES_BIN to its folder with initdb and pg_ctl{keeps}.";
    }
}

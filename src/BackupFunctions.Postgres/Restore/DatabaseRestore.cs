using System.Globalization;
using BackupFunctions.Postgres.Dump;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Postgres.Restore;

/// <summary>pg_restore of a dump folder into a scratch database.</summary>
public static class DatabaseRestore
{
    /// <exception cref="Contracts.PgdrException">
    /// tool.too-old, database.permission before anything is touched; tool.failed, disk.full and others afterwards.
    /// </exception>
    public static async Task<RestoreOutcome> RunAsync(
        PgTools tools,
        ServerConnection server,
        string folder,
        string scratchName,
        int jobs,
        IProgress<RestoreProgress>? progress,
        CancellationToken cancellationToken)
    {
        var way = await CheckAsync(tools, server, folder, cancellationToken);
        var contents = await ArchiveToc.ReadAsync(tools, folder, cancellationToken);
        await (way == RestoreWay.Script
            ? ScriptRestore.RunAsync(tools, server, folder, scratchName, [], contents.Count, progress, cancellationToken)
            : RestoreAsync(tools, server, folder, scratchName, jobs, new RestoreItems(contents.Count, progress), cancellationToken));
        return new RestoreOutcome(contents.Count, tools.Versions[PgTools.PgRestoreName], tools.SecurityWarnings);
    }

    /// <summary>Archive, tools and server fit together, and the user may restore. Touches nothing.</summary>
    internal static async Task<RestoreWay> CheckAsync(PgTools tools, ServerConnection server, string folder, CancellationToken cancellationToken)
    {
        await using var connection = await server.OpenAsync(server.MaintenanceDatabase, cancellationToken);
        var way = RestoreCompatibility.Check(ArchiveHeader.Read(folder), tools, connection.PostgreSqlVersion.Major);
        await SuperuserCheck.RunAsync(connection, server, cancellationToken);
        return way;
    }

    private static Task RestoreAsync(
        PgTools tools, ServerConnection server, string folder, string scratchName, int jobs, RestoreItems done, CancellationToken cancellationToken) =>
        PgToolRunner.RunCheckedAsync(
            new ToolCommand(
                tools.PgRestore,
                [
                    "--format=directory", "--jobs=" + jobs.ToString(CultureInfo.InvariantCulture), "--exit-on-error", "--verbose", "--no-password",
                    // A restored subscription would hold the name of production's slot; see SubscriptionRestore.
                    "--no-subscriptions", "--dbname=" + ConnectionInfo.For(server, scratchName), folder,
                ])
            {
                Server = server,
                ErrorLine = done.Take,
            },
            cancellationToken);
}

using System.Globalization;
using BackupFunctions.Postgres.Restore;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Postgres.Tenants;

/// <summary>pg_restore of one section of an archive.</summary>
internal sealed class ArchiveSections(RestoreWay way, PgTools tools, ServerConnection server, string folder, string database)
{
    /// <param name="section">pre-data or post-data.</param>
    /// <param name="list">A file with the entries that are wanted; null: all.</param>
    /// <param name="jobs">Connections.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task RunAsync(string section, string? list, int jobs, CancellationToken cancellationToken)
    {
        string[] selection = ["--section=" + section, .. list is null ? Array.Empty<string>() : ["--use-list=" + list]];
        return way == RestoreWay.Script
            ? ScriptRestore.RunAsync(tools, server, folder, database, selection, items: 0, progress: null, cancellationToken)
            : RestoreAsync(selection, jobs, cancellationToken);
    }

    private Task RestoreAsync(string[] selection, int jobs, CancellationToken cancellationToken) => PgToolRunner.RunCheckedAsync(
        new ToolCommand(
            tools.PgRestore,
            [
                "--format=directory", .. selection, "--jobs=" + jobs.ToString(CultureInfo.InvariantCulture), "--exit-on-error", "--no-password",
                "--no-subscriptions", "--dbname=" + ConnectionInfo.For(server, database), folder,
            ])
        {
            Server = server,
        },
        cancellationToken);
}

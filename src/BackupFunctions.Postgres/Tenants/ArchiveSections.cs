using System.Globalization;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Postgres.Tenants;

/// <summary>pg_restore of one section of an archive.</summary>
internal sealed class ArchiveSections(PgTools tools, ServerConnection server, string folder, string database)
{
    /// <param name="section">pre-data or post-data.</param>
    /// <param name="list">A file with the entries that are wanted; null: all.</param>
    /// <param name="jobs">Connections.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task RunAsync(string section, string? list, int jobs, CancellationToken cancellationToken) => PgToolRunner.RunCheckedAsync(
        new ToolCommand(
            tools.PgRestore,
            [
                "--format=directory", "--section=" + section, "--jobs=" + jobs.ToString(CultureInfo.InvariantCulture), "--exit-on-error", "--no-password",
                "--no-subscriptions", .. list is null ? Array.Empty<string>() : ["--use-list=" + list],
                "--dbname=" + ConnectionInfo.For(server, database), folder,
            ])
        {
            Server = server,
        },
        cancellationToken);
}

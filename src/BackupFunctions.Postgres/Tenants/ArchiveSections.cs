using System.Globalization;
using BackupFunctions.Postgres.Dump;
using BackupFunctions.Postgres.Restore;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Postgres.Tenants;

/// <summary>pg_restore of one section of an archive.</summary>
internal sealed class ArchiveSections(RestoreWay way, PgTools tools, ServerConnection server, string folder, string database)
{
    /// <summary>Learns of every entry that is begun or done.</summary>
    public IProgress<RestoreProgress>? Progress { get; init; }

    /// <summary>Nothing happens when there are none.</summary>
    /// <param name="section">pre-data, data or post-data; null: whatever section the entries are of.</param>
    /// <param name="entries">Those that are wanted.</param>
    /// <param name="jobs">Connections.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task RunAsync(string? section, IReadOnlyList<ArchiveEntry> entries, int jobs, CancellationToken cancellationToken)
    {
        if (entries.Count > 0)
        {
            var list = Path.Combine(folder, "wanted.list");
            await File.WriteAllLinesAsync(list, entries.Select(static entry => entry.Line), cancellationToken);
            await RunAsync(section, list, jobs, cancellationToken);
        }
    }

    /// <param name="section">pre-data, data or post-data; null: all of them.</param>
    /// <param name="list">A file with the entries that are wanted; null: all.</param>
    /// <param name="jobs">Connections.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task RunAsync(string? section, string? list, int jobs, CancellationToken cancellationToken)
    {
        string[] selection = [.. section is null ? Array.Empty<string>() : ["--section=" + section], .. list is null ? Array.Empty<string>() : ["--use-list=" + list]];
        return way == RestoreWay.Script
            ? ScriptRestore.RunAsync(tools, server, folder, database, selection, Total(list), Progress, cancellationToken)
            : RestoreAsync(selection, jobs, new RestoreItems(Total(list), Progress), cancellationToken);
    }

    private int Total(string? list) => Progress is null || list is null ? 0 : File.ReadLines(list).Count();

    private Task RestoreAsync(string[] selection, int jobs, RestoreItems done, CancellationToken cancellationToken) => PgToolRunner.RunCheckedAsync(
        new ToolCommand(
            tools.PgRestore,
            [
                "--format=directory", .. selection, "--jobs=" + jobs.ToString(CultureInfo.InvariantCulture), "--exit-on-error", "--verbose", "--no-password",
                "--no-subscriptions", "--dbname=" + ConnectionInfo.For(server, database), folder,
            ])
        {
            Server = server,
            ErrorLine = done.Take,
        },
        cancellationToken);
}

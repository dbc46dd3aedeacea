using System.Text.RegularExpressions;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Postgres.Restore;

/// <summary>
/// pg_restore's script, without the setting that the server does not know, through psql into a scratch database. pg_restore itself cannot
/// leave the setting out, and in a script it has no parallel jobs: the price for a server older than the dump.
/// </summary>
internal static partial class ScriptRestore
{
    /// <param name="tools">pg_restore and psql.</param>
    /// <param name="server">To restore onto.</param>
    /// <param name="folder">The dump.</param>
    /// <param name="scratchName">The database.</param>
    /// <param name="selection">Options of pg_restore that choose entries; none: all of them.</param>
    /// <param name="items">Entries, for the progress.</param>
    /// <param name="progress">Learns of every entry that is begun.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Contracts.PgdrException">tool.failed, disk.full and others; the database is half filled then.</exception>
    public static Task RunAsync(
        PgTools tools,
        ServerConnection server,
        string folder,
        string scratchName,
        IReadOnlyList<string> selection,
        int items,
        IProgress<RestoreProgress>? progress,
        CancellationToken cancellationToken) => PgToolRunner.RunCheckedAsync(
            new ToolCommand(
                tools.Psql,
                [
                    "--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1",
                    "--dbname=" + ConnectionInfo.For(server, scratchName), "--file=-",
                ])
            {
                Server = server,
                Input = (input, token) => WriteScriptAsync(tools, folder, selection, items, progress, input, token),
            },
            cancellationToken);

    private static async Task WriteScriptAsync(
        PgTools tools, string folder, IReadOnlyList<string> selection, int items, IProgress<RestoreProgress>? progress, Stream input, CancellationToken cancellationToken)
    {
        var filter = new SettingsFilter(async (piece, token) =>
        {
            try
            {
                await input.WriteAsync(piece, token);
            }
            catch (IOException e)
            {
                throw new ToolInputClosedException(e);
            }
        });
        var done = 0;
        await PgToolRunner.RunCheckedAsync(
            new ToolCommand(tools.PgRestore, ["--format=directory", "--file=-", "--exit-on-error", "--verbose", "--no-subscriptions", .. selection, folder])
            {
                Output = filter.WriteAsync,
                ErrorLine = line =>
                {
                    if (progress is not null && Item().Match(line) is { Success: true } match && done < items)
                    {
                        progress.Report(new RestoreProgress(++done, items, match.Groups["item"].Value));
                    }
                },
            },
            cancellationToken);
        filter.Complete();
    }

    [GeneratedRegex("^pg_restore: (creating|processing data for|executing) (?<item>.*)$", RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex Item();
}

using System.CommandLine;
using BackupFunctions.EmbeddedHost.Durable.Histories;

namespace BackupFunctions.Cli.Host.Embedded;

/// <summary>pgdr host export: stored histories as files, to be replayed elsewhere.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("folder") { Description = "Where the files go; an older export of the same workflow is replaced." };
        var selection = new HistorySelection();
        var command = new Command("export", "Write workflow histories as files, payloads included.") { folder };
        selection.AddTo(command);
        command.SetAction((result, cancellationToken) => CommandBoundary.RunAsync(result, async () =>
        {
            using var loggers = JobEnvironments.CreateLoggers();
            await using var site = HostAccess.Open(loggers);
            await foreach (var history in selection.ReadAsync(result, site, cancellationToken))
            {
                Console.Out.WriteLine(HistoryFile.Write(result.GetRequiredValue(folder), history));
            }

            return ExitCodes.Done;
        }));
        return command;
    }
}

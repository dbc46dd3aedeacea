using System.CommandLine;
using BackupFunctions.Cli.Output;
using BackupFunctions.EmbeddedHost.Durable.Histories;

namespace BackupFunctions.Cli.Host.Embedded;

/// <summary>pgdr host replay: does this release's code fit the workflows that an older one began?</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var from = new Option<string?>("--from") { Description = "Replay files that 'pgdr host export' wrote, instead of the host's state." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var selection = new HistorySelection();
        var command = new Command("replay", "Replay stored workflow histories against the present code, without any effect.") { from, json };
        selection.AddTo(command);
        command.SetAction((result, cancellationToken) => CommandBoundary.RunAsync(result, async () =>
        {
            using var loggers = JobEnvironments.CreateLoggers();
            await using var site = HostAccess.Open(loggers);
            await using var app = HostAccess.LoadApp(site, loggers);
            var histories = result.GetValue(from) is { } folder
                ? HistoryFile.ReadAll(folder).ToAsyncEnumerable()
                : selection.ReadAsync(result, site, cancellationToken);
            return await RunAsync(histories, app.Check, result.GetValue(json), cancellationToken);
        }));
        return command;
    }

    private static async Task<int> RunAsync(
        IAsyncEnumerable<StoredHistory> histories, HistoryCheck check, bool json, CancellationToken cancellationToken)
    {
        var results = new List<ReplayResult>();
        await foreach (var history in histories.WithCancellation(cancellationToken))
        {
            results.Add(new ReplayResult(history.InstanceId, history.Name, history.Status, history.Events.Count, check.Check(history).Mismatch));
        }

        var misfits = results.Where(replayed => replayed.Mismatch is not null).ToList();
        if (json)
        {
            Json.Print(results);
        }
        else
        {
            Print(results.Count, misfits);
        }

        return misfits.Count == 0 ? ExitCodes.Done : ExitCodes.CodeDoesNotFit;
    }

    private static void Print(int count, List<ReplayResult> misfits)
    {
        foreach (var misfit in misfits)
        {
            Plain.WriteLine($"{misfit.InstanceId}  {misfit.Name}  {misfit.Status.ToString().ToUpperInvariant()}");
            Plain.WriteLine($"    {misfit.Mismatch}");
        }

        Plain.WriteLine(misfits.Count == 0
            ? $"The code fits all {count} histories."
            : $"The code does not fit {misfits.Count} of {count} histories: end those workflows before this version runs, or keep their code.");
    }
}

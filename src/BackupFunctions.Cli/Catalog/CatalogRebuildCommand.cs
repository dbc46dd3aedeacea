using System.CommandLine;
using System.Globalization;
using BackupFunctions.Cli.Output;

namespace BackupFunctions.Cli.Catalog;

/// <summary>pgdr catalog rebuild: everything anew from storage and the run store.</summary>
internal static class CatalogRebuildCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("rebuild", "Make the catalog anew from storage; until that is done, the old one is shown.") { json };
        command.SetAction((result, cancellationToken) => CommandBoundary.RunAsync(result, () => RunAsync(result.GetValue(json), cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(bool json, CancellationToken cancellationToken)
    {
        var settings = JobEnvironments.ReadSettings();
        using var loggers = JobEnvironments.CreateLoggers();
        await using var database = CatalogSite.Require(settings);
        var done = await CatalogSite.Sync(database, settings, loggers).RunAsync(rebuild: true, cancellationToken);
        foreach (var sentence in done.Unreachable)
        {
            await Console.Error.WriteLineAsync($"warning: {sentence} What was known of it is kept.");
        }

        if (json)
        {
            Json.Print(done);
        }
        else
        {
            Plain.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"rebuilt in {done.Seconds} s: {done.Read} backup ids read from storage, {done.Jobs} runs and reports from the run store"));
        }

        return done.Unreachable.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }
}

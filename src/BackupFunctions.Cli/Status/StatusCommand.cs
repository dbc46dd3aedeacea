using System.CommandLine;
using BackupFunctions.Catalog.Sources;
using BackupFunctions.Cli.Output;
using BackupFunctions.Contracts.Backups;

namespace BackupFunctions.Cli.Status;

/// <summary>pgdr status: for each database, can it be recovered, to when, and when was that last proven.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("status", "Show for each database what a recovery would use.") { json };
        command.SetAction((result, cancellationToken) => CommandBoundary.RunAsync(result, () => RunAsync(result.GetValue(json), cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(bool json, CancellationToken cancellationToken)
    {
        var settings = JobEnvironments.ReadSettings();
        using var loggers = JobEnvironments.CreateLoggers();
        var listing = await CatalogSource.Create(settings, loggers).ListAsync(cancellationToken);
        var now = TimeProvider.System.GetUtcNow();
        var statuses = settings.Databases.Select(database =>
        {
            var own = listing.Backups.Where(backup => backup.Tenant is null && string.Equals(backup.Database, database.Name, StringComparison.Ordinal)).ToList();
            var newest = own.FirstOrDefault(backup => backup.Status is BackupStatus.Verified or BackupStatus.Proven);
            return new DatabaseStatus(
                database.Name,
                newest?.BackupId,
                newest?.Status,
                newest?.SnapshotAt,
                newest is null ? null : Math.Round((now - newest.SnapshotAt).TotalSeconds),
                own.Select(backup => backup.ProvenAt).Max());
        }).ToList();
        foreach (var sentence in listing.Unreadable)
        {
            await Console.Error.WriteLineAsync($"warning: {sentence}");
        }

        if (json)
        {
            Json.Print(statuses);
        }
        else
        {
            foreach (var status in statuses)
            {
                Console.Out.WriteLine(status.BackupId is null
                    ? $"{status.Database}: NOT RECOVERABLE, no verified backup; 'pgdr backup run' takes one"
                    : $"{status.Database}: recoverable to {status.SnapshotAt:u} from {status.BackupId} ({status.Status.ToString()!.ToUpperInvariant()}); "
                      + (status.ProvenAt is { } proven ? $"last proven by a restore {proven:u}" : "never proven by a restore"));
            }
        }

        return listing.Unreadable.Count == 0 && statuses.TrueForAll(status => status.BackupId is not null) ? ExitCodes.Done : ExitCodes.Failed;
    }
}

using System.CommandLine;
using BackupFunctions.Catalog;
using BackupFunctions.Cli.Catalog;
using BackupFunctions.Cli.Output;

namespace BackupFunctions.Cli.Backups;

/// <summary>pgdr backup list: what storage holds, by way of the catalog where there is one; there is no need of it, nor of a host.</summary>
internal static class BackupListCommand
{
    public static Command Create()
    {
        var database = new Option<string?>("--database") { Description = "Only backups of this database." };
        var tenant = new Option<string?>("--tenant") { Description = "Only backups of this tenant." };
        var deleted = new Option<bool>("--deleted") { Description = "Also backups whose data retention has deleted." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var fromStorage = new Option<bool>("--from-storage") { Description = "Read storage itself, whatever the catalog says." };
        var command = new Command("list", "List backups, newest first.") { database, tenant, deleted, fromStorage, json };
        command.SetAction((result, cancellationToken) => CommandBoundary.RunAsync(result, () =>
            RunAsync(result.GetValue(database), result.GetValue(tenant), result.GetValue(deleted), result.GetValue(fromStorage), result.GetValue(json), cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(string? database, string? tenant, bool deleted, bool fromStorage, bool json, CancellationToken cancellationToken)
    {
        var settings = JobEnvironments.ReadSettings();
        using var loggers = JobEnvironments.CreateLoggers();
        await using var catalog = fromStorage ? null : CatalogSite.Open(settings);
        var listing = await CatalogSite.Lists(catalog, settings, loggers).ListAsync(deleted, cancellationToken);
        var shown = listing.Backups.Where(backup => 
            (database is null || string.Equals(backup.Database, database, StringComparison.Ordinal))
            && (tenant is null || string.Equals(backup.Tenant, tenant, StringComparison.Ordinal))).ToList();
        foreach (var sentence in listing.Unreadable)
        {
            await Console.Error.WriteLineAsync($"warning: {sentence}");
        }

        if (json)
        {
            Json.Print(shown);
        }
        else if (shown.Count == 0)
        {
            Console.Out.WriteLine("No backups yet: 'pgdr backup run <database>' takes one.");
        }
        else
        {
            Print(shown);
        }

        return listing.Unreadable.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static void Print(IReadOnlyList<BackupRecord> backups)
    {
        Console.Out.WriteLine($"{"BACKUP",-29}  {"STATUS",-9}  {"SNAPSHOT (UTC)",-19}  {"SIZE",10}  {"STORED",10}  {"COPIES",-16}  DATABASE");
        foreach (var backup in backups)
        {
            Console.Out.WriteLine(
                $"{backup.BackupId,-29}  {backup.Status.ToString().ToUpperInvariant(),-9}  {backup.SnapshotAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}  "
                + $"{Sizes.Format(backup.PlainSize),10}  {Sizes.Format(backup.StoredSize),10}  "
                + $"{string.Join(',', backup.Copies.Where(copy => copy.Written).Select(copy => copy.Target)),-16}  {SubjectOf(backup)}{StateOf(backup)}");
        }
    }

    private static string SubjectOf(BackupRecord backup) => (backup.Server, backup.Archive) switch
    {
        ({ } server, true) => $"server {server} (base, archive)",
        ({ } server, false) => $"server {server} ({backup.Kind.ToString().ToLowerInvariant()})",
        (null, true) => $"{backup.Database} (archive)",
        _ => backup.Tenant is { } tenant ? $"{backup.Database} tenant {tenant}" : backup.Database,
    };

    private static string StateOf(BackupRecord backup) =>
        backup.DeletedAt is { } deleted ? $"  deleted {deleted.UtcDateTime:yyyy-MM-dd HH:mm}"
        : backup.TombstonedAt is { } tombstoned ? $"  tombstoned {tombstoned.UtcDateTime:yyyy-MM-dd HH:mm}"
        : backup.KeepUntil is { } until ? $"  held until {until.UtcDateTime:yyyy-MM-dd}"
        : string.Empty;
}

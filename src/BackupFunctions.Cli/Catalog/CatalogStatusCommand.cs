using System.CommandLine;
using System.Globalization;
using BackupFunctions.Catalog.Database.Reading;
using BackupFunctions.Cli.Output;

namespace BackupFunctions.Cli.Catalog;

/// <summary>pgdr catalog status: where it is, how old what it says is, how much it holds.</summary>
internal static class CatalogStatusCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("status", "Show where the catalog is, when it was brought up to date and what it holds.") { json };
        command.SetAction((result, cancellationToken) => CommandBoundary.RunAsync(result, () => RunAsync(result.GetValue(json), cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(bool json, CancellationToken cancellationToken)
    {
        var settings = JobEnvironments.ReadSettings();
        await using var database = CatalogSite.Require(settings);
        var status = await CatalogStatusReader.ReadAsync(database, settings.ClusterName, TimeProvider.System, cancellationToken);
        if (json)
        {
            Json.Print(status);
        }
        else
        {
            Print(status);
        }

        return status.SyncedAt is not null && status.Unreachable.Count == 0 && status.Lost == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static void Print(CatalogStatus status)
    {
        Plain.WriteLine($"catalog    {status.Place}");
        Plain.WriteLine($"schema     {Schema(status)}");
        Plain.WriteLine(status.SyncedAt is { } synced
            ? string.Create(CultureInfo.InvariantCulture, $"synced     {synced.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, {status.LagSeconds} s ago, in {status.SyncSeconds:0.0} s")
            : "synced     never: the host does so, or 'pgdr catalog rebuild'");
        Plain.WriteLine($"backups    {status.Backups}, {status.Lost} of them lost; {status.Copies} copies, {status.UnknownCopies} of them unknown; {status.Statements} statements");
        Plain.WriteLine($"log        {status.WalObjects} objects of write-ahead log");
        Plain.WriteLine($"runs       {status.Jobs} jobs, {status.Restores} restores, {status.OpenAlerts} open alerts");
        foreach (var sentence in status.Unreachable)
        {
            Plain.WriteLine($"away       {sentence}");
        }
    }

    private static string Schema(CatalogStatus status) =>
        status.SchemaVersion is not { } version ? "none yet"
        : version == status.ExpectedSchemaVersion ? $"{version}, as expected"
        : $"{version}, and this program has {status.ExpectedSchemaVersion}";
}

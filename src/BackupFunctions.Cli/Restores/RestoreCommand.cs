using System.CommandLine;
using BackupFunctions.Cli.Output;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Settings;

namespace BackupFunctions.Cli.Restores;

/// <summary>
/// pgdr restore: break-glass. Storage and a recovery file (or the configured private keys) are enough; no host, no catalog. The same jobs
/// as the runbook's steps 1 to 4, in this process.
/// </summary>
internal static class RestoreCommand
{
    public static Command Create()
    {
        var database = new Argument<string>("database") { Description = "The database to bring back." };
        var confirm = new Option<string?>("--confirm") { Description = "Repeat the database's name: an existing one is replaced (and kept under another name)." };
        var target = new PointOptions();
        var server = new Option<string?>("--server") { Description = "A server of the settings to restore into; default: the database's own." };
        var recoveryFile = new Option<string?>("--recovery-file") { Description = "recovery.json made by 'pgdr keys new'; default: the private and verification keys of the settings." };
        var to = new Option<string?>("--to") { Description = "The name that the restored database gets; default: the same. Confirm that name. A backup of one tenant needs a name of its own." };
        var selection = new SelectionOptions();
        var json = new Option<bool>("--json") { Description = "Print the result as JSON." };
        var command = new Command("restore", "Restore a database with nothing but storage and a key.") { database, to, confirm, server, recoveryFile, json };
        target.AddTo(command);
        selection.AddTo(command);
        command.SetAction((result, cancellationToken) => CommandBoundary.RunAsync(result, async () =>
        {
            var name = result.GetRequiredValue(database);
            var into = result.GetValue(to) is { Length: > 0 } given ? given : name;
            var chosen = selection.Read(result);
            RequireConfirmation(into, chosen, result.GetValue(confirm));

            var reporter = new ConsoleReporter(TimeProvider.System);
            var restored = await RunAsync(
                reporter,
                new SelectBackupParameters(name, result.GetValue(target.Backup), result.GetValue(server)) { Point = target.Read(result), Into = result.GetValue(to), Selection = chosen },
                result.GetValue(recoveryFile),
                cancellationToken);
            Print(restored, reporter, result.GetValue(json));
            return ExitCodes.Done;
        }));
        return command;
    }

    /// <summary>Chosen tables go into a new database, which takes nobody's place.</summary>
    private static void RequireConfirmation(string into, TableSelection? chosen, string? confirm)
    {
        if (chosen is null && !string.Equals(confirm, into, StringComparison.Ordinal))
        {
            throw new PgdrException(
                ErrorCodes.InvalidSettings, $"Restoring takes the place of database '{into}': repeat its name with --confirm to go on.");
        }
    }

    private static async Task<RestoreSummary> RunAsync(
        ConsoleReporter reporter, SelectBackupParameters wanted, string? recoveryFile, CancellationToken cancellationToken)
    {
        var settings = WithDatabase(JobEnvironments.ReadSettings(), wanted.Database, wanted.TargetServer);
        using var loggers = JobEnvironments.CreateLoggers();
        var environment = JobEnvironments.Create(settings, reporter, loggers);
        using var reader = BackupReaders.Open(environment, recoveryFile);
        try
        {
            return await new BreakGlassRestore(environment, reader, reporter).RunAsync(wanted, cancellationToken);
        }
        finally
        {
            reporter.Finish();
        }
    }

    /// <summary>In an emergency the settings need not name the database: a server is enough.</summary>
    private static BackupSettings WithDatabase(BackupSettings settings, string database, string? server)
    {
        if (settings.Databases.Any(known => string.Equals(known.Name, database, StringComparison.Ordinal)))
        {
            return settings;
        }

        var into = server ?? settings.Servers.Select(known => known.Name).FirstOrDefault()
            ?? throw new PgdrException(ErrorCodes.InvalidSettings, "No server is configured: set Servers__main__Host and its user and password.");
        return settings with { Databases = [.. settings.Databases, new DatabaseSettings(database, into)] };
    }

    private static void Print(RestoreSummary restored, ConsoleReporter reporter, bool json)
    {
        if (json)
        {
            Json.Print(restored, reporter.PhaseSeconds);
            return;
        }

        Console.Out.WriteLine(
            $"restored {restored.Database} on {restored.Server} from {restored.BackupId} ({AsOf(restored)}): "
            + $"{restored.Tables} tables, {restored.Rows} rows identical, {restored.Seconds} s");
        if (restored.KeptDatabase is { } kept)
        {
            Console.Out.WriteLine($"the previous database is kept as {kept}");
        }
    }

    private static string AsOf(RestoreSummary restored) => restored.Point is { } point
        ? $"with its log to {point.Target}: {point.Lsn} on timeline {point.Timeline}, as of {point.At:u}"
        : $"as of {restored.SnapshotAt:u}";
}

using System.CommandLine;
using System.Globalization;
using BackupFunctions.Cli.Output;
using BackupFunctions.Contracts;
using BackupFunctions.Jobs.Retention;

namespace BackupFunctions.Cli.Backups;

/// <summary>pgdr backup keep: takes a tombstone back, and holds the backup for a time.</summary>
internal static class BackupKeepCommand
{
    private const int DefaultDays = 365;
    private const int MostDays = 36500;

    public static Command Create()
    {
        var backup = new Argument<string>("backup") { Description = "A backup id." };
        var days = new Option<int>("--days") { Description = "How long retention leaves it alone, from now.", DefaultValueFactory = _ => DefaultDays };
        var command = new Command("keep", "Take back the tombstone of a backup, and hold it.") { backup, days };
        command.SetAction((result, cancellationToken) => CommandBoundary.RunAsync(result, () =>
            RunAsync(result.GetRequiredValue(backup), result.GetValue(days), cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(string backupId, int days, CancellationToken cancellationToken)
    {
        if (days is < 1 or > MostDays)
        {
            throw new PgdrException(ErrorCodes.InvalidSettings, string.Create(CultureInfo.InvariantCulture, $"--days takes a whole number from 1 to {MostDays}."));
        }

        using var loggers = JobEnvironments.CreateLoggers();
        var environment = JobEnvironments.Create(JobEnvironments.ReadSettings(), new ConsoleReporter(TimeProvider.System), loggers);
        var until = environment.Time.GetUtcNow().AddDays(days);
        var targets = await new BackupHold(environment).RunAsync(backupId, until, "held by command line", cancellationToken);
        Console.Out.WriteLine($"{backupId} stays until {until:yyyy-MM-dd} on {string.Join(", ", targets)}");
        return ExitCodes.Done;
    }
}

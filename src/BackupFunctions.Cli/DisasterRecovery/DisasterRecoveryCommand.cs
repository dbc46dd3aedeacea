using System.CommandLine;
using System.Globalization;
using BackupFunctions.Cli.HostApi;
using BackupFunctions.Cli.Restores;

namespace BackupFunctions.Cli.DisasterRecovery;

/// <summary>pgdr dr: the runbook on a running host.</summary>
internal static class DisasterRecoveryCommand
{
    public static Command Create() => new("dr", "Start and follow the disaster recovery runbook on a running host.")
    {
        CreateStart(),
        CreateStatus(),
        CreateEvent("retry", "Run the failed step of the runbook again."),
        CreateEvent("continue", "Tell the runbook that what it waits for was done by hand."),
        CreateEvent("abort", "End the runbook; nothing is undone and nothing is lost."),
    };

    private static Command CreateStart()
    {
        var database = new Argument<string>("database") { Description = "The database to recover." };
        var reason = new Option<string>("--reason") { Description = "Why; it stands in the report.", Required = true };
        var confirm = new Option<string>("--confirm") { Description = "Repeat the database's name.", Required = true };
        var target = new PointOptions();
        var server = new Option<string?>("--target-server") { Description = "Another server of the settings." };
        var follow = new Option<bool>("--follow") { Description = "Show the steps until the end; the exit code tells how it ended." };
        var host = new HostOptions();
        var command = new Command("start", "Start the runbook.") { database, reason, confirm, server, follow };
        target.AddTo(command);
        host.AddTo(command);
        command.SetAction((result, cancellationToken) => CommandBoundary.RunAsync(result, async () =>
        {
            using var client = host.Connect(result);
            var name = result.GetRequiredValue(database);
            var point = target.Read(result);
            var body = new
            {
                database = name,
                reason = result.GetRequiredValue(reason),
                confirm = result.GetRequiredValue(confirm),
                backupId = result.GetValue(target.Backup),
                targetTime = point?.Time?.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture),
                targetLsn = point?.Lsn,
                latest = point is { Time: null, Lsn: null },
                targetServer = result.GetValue(server),
            };
            await client.StartAsync(body, cancellationToken);
            await Console.Error.WriteLineAsync($"Recovery of {name} started; 'pgdr dr status {name}' shows it.");
            return result.GetValue(follow) ? await RunbookView.FollowAsync(client, name, cancellationToken) : ExitCodes.Done;
        }));
        return command;
    }

    private static Command CreateStatus()
    {
        var database = new Argument<string>("database") { Description = "The database." };
        var follow = new Option<bool>("--follow") { Description = "Show the steps until the end." };
        var json = new Option<bool>("--json") { Description = "Print the Durable status as JSON." };
        var host = new HostOptions();
        var command = new Command("status", "Show how far the runbook is.") { database, follow, json };
        host.AddTo(command);
        command.SetAction((result, cancellationToken) => CommandBoundary.RunAsync(result, async () =>
        {
            using var client = host.Connect(result);
            var name = result.GetRequiredValue(database);
            if (result.GetValue(follow))
            {
                return await RunbookView.FollowAsync(client, name, cancellationToken);
            }

            var status = await client.StatusAsync(name, cancellationToken);
            if (result.GetValue(json))
            {
                Console.Out.WriteLine(status.Raw);
            }
            else
            {
                RunbookView.Print(status);
            }

            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command CreateEvent(string name, string description)
    {
        var database = new Argument<string>("database") { Description = "The database." };
        var host = new HostOptions();
        var command = new Command(name, description) { database };
        host.AddTo(command);
        command.SetAction((result, cancellationToken) => CommandBoundary.RunAsync(result, async () =>
        {
            using var client = host.Connect(result);
            await client.RaiseAsync(result.GetRequiredValue(database), name, cancellationToken);
            return ExitCodes.Done;
        }));
        return command;
    }
}

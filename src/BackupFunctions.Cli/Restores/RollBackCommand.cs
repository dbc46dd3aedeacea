using System.CommandLine;
using BackupFunctions.Cli.Output;
using BackupFunctions.Contracts;
using BackupFunctions.Jobs.Restore;

namespace BackupFunctions.Cli.Restores;

/// <summary>pgdr rollback: the database that a restore replaced takes its name back. Needs the server alone.</summary>
internal static class RollBackCommand
{
    public static Command Create()
    {
        var database = new Argument<string>("database") { Description = "The database that was restored." };
        var confirm = new Option<string?>("--confirm") { Description = "Repeat the database's name: its sessions are ended and it is kept under another name." };
        var kept = new Option<string?>("--kept") { Description = "The kept database to go back to, when there are several." };
        var server = new Option<string?>("--server") { Description = "A server of the settings; default: the database's own." };
        var list = new Option<bool>("--list") { Description = "Only show what there is to go back to." };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON." };
        var command = new Command("rollback", "Undo a restore: the database that was there before takes its name back.")
        {
            database, confirm, kept, server, list, json,
        };
        command.SetAction((result, cancellationToken) => CommandBoundary.RunAsync(result, async () =>
        {
            var name = result.GetRequiredValue(database);
            var reporter = new ConsoleReporter(TimeProvider.System);
            using var loggers = JobEnvironments.CreateLoggers();
            var rollBack = new RollBack(JobEnvironments.Create(JobEnvironments.ReadSettings(), reporter, loggers), name, result.GetValue(server));
            if (result.GetValue(list))
            {
                await PrintListAsync(rollBack, result.GetValue(json), cancellationToken);
                return ExitCodes.Done;
            }

            RequireConfirmation(name, result.GetValue(confirm));
            await RunAsync(rollBack, name, result.GetValue(kept), result.GetValue(json), cancellationToken);
            return ExitCodes.Done;
        }));
        return command;
    }

    private static void RequireConfirmation(string name, string? confirm)
    {
        if (!string.Equals(confirm, name, StringComparison.Ordinal))
        {
            throw new PgdrException(
                ErrorCodes.InvalidSettings, $"Rolling back replaces database '{name}' and ends its sessions: repeat its name with --confirm to go on.");
        }
    }

    private static async Task PrintListAsync(RollBack rollBack, bool json, CancellationToken cancellationToken)
    {
        var all = await rollBack.ListAsync(cancellationToken);
        if (json)
        {
            Json.Print(all.Select(kept => new { kept.Name, kept.Database, kept.RestoreId, kept.Bytes }));
            return;
        }

        foreach (var kept in all)
        {
            Console.Out.WriteLine($"{kept.Name}  {Sizes.Format(kept.Bytes)}");
        }
    }

    private static async Task RunAsync(RollBack rollBack, string name, string? keptName, bool json, CancellationToken cancellationToken)
    {
        var (from, outcome) = await rollBack.RunAsync(keptName, cancellationToken);
        if (json)
        {
            Json.Print(new { Database = name, RolledBackTo = from.Name, outcome.KeptDatabase, outcome.EndedSessions });
            return;
        }

        Console.Out.WriteLine($"{name} is again what was kept as {from.Name}; {outcome.EndedSessions} sessions were ended");
        if (outcome.KeptDatabase is { } now)
        {
            Console.Out.WriteLine($"the restored database is kept as {now}; 'pgdr rollback' brings it back");
        }
    }
}

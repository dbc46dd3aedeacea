using System.CommandLine;
using BackupFunctions.Cli.Output;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Wal;

namespace BackupFunctions.Cli.Wal;

/// <summary>pgdr wal status: what storage has of every server's log, its holes, and how far behind the server it is.</summary>
internal static class WalStatusCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("status", "Show the archived write-ahead log: ranges without holes, where the server can be recovered to, and how far each server is ahead of it.") { json };
        command.SetAction((result, cancellationToken) => CommandBoundary.RunAsync(result, () => RunAsync(result.GetValue(json), cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(bool json, CancellationToken cancellationToken)
    {
        using var loggers = JobEnvironments.CreateLoggers();
        var environment = JobEnvironments.Create(JobEnvironments.ReadSettings(), new SilentReporter(), loggers);
        var status = await new WalStatusQuery(environment).RunAsync(cancellationToken);
        if (json)
        {
            Json.Print(status);
        }
        else
        {
            Print(status);
        }

        return status.Problems.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static void Print(WalStatusReport status)
    {
        foreach (var server in status.Servers)
        {
            Console.Out.WriteLine($"server {server.SystemIdentifier}{(server.Name is { } name ? $" ({name})" : string.Empty)}");
            foreach (var range in server.Ranges)
            {
                Console.Out.WriteLine($"  timeline {range.Timeline}: {range.StartLsn} to {range.EndLsn}, {range.Segments} segments, archived {range.FirstAt:u} to {range.LastAt:u}");
            }

            foreach (var window in server.Windows)
            {
                Console.Out.WriteLine(
                    $"  recoverable on timeline {window.Timeline}: {Point(window.EarliestLsn, window.EarliestAt)}, from {(window.Archive ? "archive" : "base")} {window.BackupId}, {EndOf(window)}");
            }

            if (server.ServerLsn is { } lsn)
            {
                Console.Out.WriteLine($"  the server is at {lsn}, {Sizes.Format(server.BehindBytes ?? 0)} ahead{(server.BehindSeconds is { } seconds ? $"; behind by at most {seconds:0} s" : string.Empty)}");
            }
        }

        if (status.Servers.Count == 0)
        {
            Console.Out.WriteLine("Storage has no write-ahead log: 'pgdr wal receive' begins to archive it.");
        }

        foreach (var problem in status.Problems)
        {
            Console.Out.WriteLine(problem);
        }
    }

    private static string EndOf(WalWindowStatus window) =>
        window.Archive && window.EarliestLsn == window.LatestLsn ? "and nothing behind it" : $"to {Point(window.LatestLsn, window.LatestAt)}";

    private static string Point(string lsn, DateTimeOffset? at) => at is { } time ? $"{lsn} ({time.UtcDateTime:u})" : lsn;
}

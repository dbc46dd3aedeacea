using System.CommandLine;
using BackupFunctions.Cli.Output;
using BackupFunctions.Cli.Restores;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Recovery;

namespace BackupFunctions.Cli.Recovery;

/// <summary>pgdr recover: a server's files as they were at a point, in a new data directory. Storage and a key are enough.</summary>
internal static class RecoverCommand
{
    public static Command Create()
    {
        var server = new Argument<string>("server") { Description = "The server that was backed up, by its name in the settings." };
        var directory = new Argument<string>("directory") { Description = "The new data directory: absent or empty, unless --delta is given." };
        var time = new Option<DateTimeOffset?>("--time") { Description = "Recover to this time, for example 2026-11-21T14:05:00Z." };
        var lsn = new Option<string?>("--lsn") { Description = "Recover to this position in the log, for example 0/16B3748." };
        var name = new Option<string?>("--name") { Description = "Recover to this restore point (pg_create_restore_point)." };
        var transaction = new Option<string?>("--transaction") { Description = "Recover to this transaction id." };
        var immediate = new Option<bool>("--immediate") { Description = "Recover only as far as it takes to be consistent." };
        var exclusive = new Option<bool>("--exclusive") { Description = "Stop just before the target instead of just behind it." };
        var timeline = new Option<int?>("--timeline") { Description = "Follow this timeline; default: the newest." };
        var backup = new Option<string?>("--backup") { Description = "A base backup; default: the newest before the target." };
        var delta = new Option<bool>("--delta") { Description = "The directory is the stopped server's own: only files that differ from the base backup are written, those it has not are removed." };
        var map = new Option<string[]>("--tablespace-map") { Description = "OLD=NEW: the tablespace that was at OLD goes to the directory NEW, absent or empty. Repeatable; \\= stands for = in a path." };
        var recoveryFile = new Option<string?>("--recovery-file") { Description = "recovery.json made by 'pgdr keys new'; default: the private and verification keys of the settings." };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON." };
        var command = new Command("recover", "Bring a whole server back to any point of its archived log, in a new data directory. Without a target: to the end.")
        {
            server, directory, time, lsn, name, transaction, immediate, exclusive, timeline, backup, delta, map, recoveryFile, json,
        };
        command.SetAction((result, cancellationToken) => CommandBoundary.RunAsync(result, () => RunAsync(
            new RecoverServerParameters
            {
                Server = result.GetRequiredValue(server),
                DataDirectory = result.GetRequiredValue(directory),
                BackupId = result.GetValue(backup),
                TargetTime = result.GetValue(time),
                TargetLsn = result.GetValue(lsn),
                TargetName = result.GetValue(name),
                TargetTransaction = result.GetValue(transaction),
                Immediate = result.GetValue(immediate),
                Exclusive = result.GetValue(exclusive),
                Timeline = result.GetValue(timeline),
                Delta = result.GetValue(delta),
                TablespaceMap = TablespaceMapOption.Parse(result.GetValue(map) ?? []),
                RequestedBy = "command line",
            },
            result.GetValue(recoveryFile),
            result.GetValue(json),
            cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(RecoverServerParameters parameters, string? recoveryFile, bool json, CancellationToken cancellationToken)
    {
        var reporter = new ConsoleReporter(TimeProvider.System);
        using var loggers = JobEnvironments.CreateLoggers();
        var environment = JobEnvironments.Create(JobEnvironments.ReadSettings(), reporter, loggers);
        using var reader = BackupReaders.Open(environment, recoveryFile);
        RecoverServerResult recovered;
        try
        {
            recovered = await new RecoverServerJob(environment, reader).RunAsync(parameters, cancellationToken);
        }
        finally
        {
            reporter.Finish();
        }

        if (json)
        {
            Json.Print(recovered, reporter.PhaseSeconds);
        }
        else
        {
            Print(recovered);
        }

        return ExitCodes.Done;
    }

    private static void Print(RecoverServerResult recovered)
    {
        var commit = recovered.LastCommitAt is { } at ? $", last transaction committed at {at:yyyy-MM-dd HH:mm:ss.ffffff}Z" : ", no transaction since the base backup";
        Console.Out.WriteLine(
            $"recovered server {recovered.Server} from {recovered.BackupId} and {recovered.LogFiles} files of log to {recovered.Target}: {recovered.ReachedLsn} on timeline {recovered.Timeline}{commit}");
        foreach (var tablespace in recovered.Tablespaces)
        {
            Console.Out.WriteLine($"A tablespace of it is in {tablespace}.");
        }

        Console.Out.WriteLine($"The data directory is {recovered.DataDirectory}. Before it goes live: look through its postgresql.conf and pg_hba.conf;");
        Console.Out.WriteLine("postgresql.auto.conf was put aside as postgresql.auto.conf.restored; disable its subscriptions where the old server still runs.");
    }
}

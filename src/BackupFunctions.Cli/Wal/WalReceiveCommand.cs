using System.CommandLine;
using BackupFunctions.Cli.Output;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Wal;

namespace BackupFunctions.Cli.Wal;

/// <summary>pgdr wal receive: what a server has written by now, or everything until it is stopped.</summary>
internal static class WalReceiveCommand
{
    public static Command Create()
    {
        var server = ServerArgument.Create();
        var continuous = new Option<bool>("--continuous") { Description = "Go on until this is stopped (Ctrl+C), through restarts of the server." };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON." };
        var command = new Command("receive", "Receive a server's write-ahead log by its replication slot and archive it on every target.") { server, continuous, json };
        command.SetAction((result, cancellationToken) => CommandBoundary.RunAsync(result, () =>
            RunAsync(result.GetValue(server), result.GetValue(continuous), result.GetValue(json), cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(string? server, bool continuous, bool json, CancellationToken cancellationToken)
    {
        var settings = JobEnvironments.ReadSettings();
        var reporter = new ConsoleReporter(TimeProvider.System);
        using var loggers = JobEnvironments.CreateLoggers();
        ReceiveWalResult received;
        try
        {
            var job = new ReceiveWalJob(JobEnvironments.Create(settings, reporter, loggers));
            received = await job.RunAsync(new ReceiveWalParameters(ServerArgument.Choose(settings, server), continuous, "command line"), cancellationToken);
        }
        finally
        {
            reporter.Finish();
        }

        if (json)
        {
            Json.Print(received, reporter.PhaseSeconds);
        }
        else
        {
            Console.Out.WriteLine(
                $"{received.Server}: log is safe up to {received.SafeLsn} of timeline {received.Timeline}; {received.Segments} segments and {received.Partials} beginnings archived, "
                + $"{Sizes.Format(received.LogSize)} -> {Sizes.Format(received.StoredSize)}");
            foreach (var gap in received.Gaps)
            {
                Console.Out.WriteLine($"  GAP from {gap.FromLsn} of timeline {gap.FromTimeline} to {gap.ToLsn} of timeline {gap.ToTimeline}: take a base backup now, 'pgdr backup run {received.Server} --kind base'");
            }

            foreach (var (target, cause) in received.FailedTargets)
            {
                Console.Out.WriteLine($"  not on {target}: {cause}");
            }
        }

        return received is { FailedTargets.Count: 0, Gaps.Count: 0 } ? ExitCodes.Done : ExitCodes.NotVerified;
    }
}

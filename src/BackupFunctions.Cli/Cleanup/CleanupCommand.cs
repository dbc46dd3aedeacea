using System.CommandLine;
using BackupFunctions.Cli.Catalog;
using BackupFunctions.Cli.Output;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Retention;

namespace BackupFunctions.Cli.Cleanup;

/// <summary>pgdr cleanup: retention now, in this process; with --dry-run it only tells.</summary>
internal static class CleanupCommand
{
    private const string EndOfLog = "FFFFFFFF/FFFFFFFF";

    public static Command Create()
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Decide and explain, change nothing." };
        var json = new Option<bool>("--json") { Description = "Print the result with every decision as JSON." };
        var command = new Command("cleanup", "Apply retention: tombstone what has expired, delete what was tombstoned long enough.") { dryRun, json };
        command.SetAction((result, cancellationToken) => CommandBoundary.RunAsync(result, () =>
            RunAsync(result.GetValue(dryRun), result.GetValue(json), cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(bool dryRun, bool json, CancellationToken cancellationToken)
    {
        var settings = JobEnvironments.ReadSettings();
        var reporter = new ConsoleReporter(TimeProvider.System);
        using var loggers = JobEnvironments.CreateLoggers();
        CleanupOutcome outcome;
        try
        {
            var job = new CleanupJob(JobEnvironments.Create(settings, reporter, loggers));
            outcome = await job.RunAsync(new CleanupParameters("command line", dryRun), cancellationToken);
        }
        finally
        {
            reporter.Finish();
        }

        if (json)
        {
            Json.Print(outcome.Result with { Decisions = outcome.Decisions, WalDecisions = outcome.Log });
        }
        else
        {
            Print(outcome);
        }

        await CatalogSite.FreshenAsync(settings, loggers, cancellationToken);
        return outcome.Result.Success ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static void Print(CleanupOutcome outcome)
    {
        var width = outcome.Decisions.Select(decision => decision.Target.Length).Append("TARGET".Length).Max();
        Console.Out.WriteLine($"{"BACKUP",-29}  {"TARGET".PadRight(width)}  {"ACTION",-9}  WHY");
        foreach (var decision in outcome.Decisions)
        {
            Console.Out.WriteLine($"{decision.BackupId,-29}  {decision.Target.PadRight(width)}  {decision.Action,-9}  {string.Join("; ", decision.Reasons)}");
        }

        foreach (var decision in outcome.Log)
        {
            Console.Out.WriteLine(
                $"log of server {decision.SystemIdentifier}, timeline {decision.Timeline}, {decision.FromLsn} to {(decision.ToLsn == EndOfLog ? "the end" : decision.ToLsn)} "
                + $"({decision.Objects} objects)  {decision.Action}  {string.Join("; ", decision.Reasons)}");
        }

        var result = outcome.Result;
        Console.Out.WriteLine(
            $"{(result.DryRun ? "would be: " : string.Empty)}{result.Tombstoned} copies tombstoned, {result.TombstonesCancelled} tombstones cancelled, {result.Deleted} copies deleted "
            + $"({Sizes.Format(result.BytesDeleted)}), {result.OrphansRemoved} unfinished backups removed; {result.Blocked} blocked, {result.Kept} kept");
        if (result.WalObjects > 0)
        {
            Console.Out.WriteLine(
                $"write-ahead log: {result.WalObjects} objects; {(result.DryRun ? "would be: " : string.Empty)}{result.WalDeleted} copies and {result.WalEpochsDeleted} epochs deleted; "
                + $"{result.WalUnneeded} further copies are not needed any more and stay for now{(result.WalLocked > 0 ? $", {result.WalLocked} of them because a lock holds them" : string.Empty)}");
        }
    }
}

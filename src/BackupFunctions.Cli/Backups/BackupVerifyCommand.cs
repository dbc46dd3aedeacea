using System.CommandLine;
using BackupFunctions.Cli.Catalog;
using BackupFunctions.Cli.Output;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Verify;

namespace BackupFunctions.Cli.Backups;

/// <summary>pgdr backup verify: reads copies whole on every target, in this process; with --repair it mends them.</summary>
internal static class BackupVerifyCommand
{
    public static Command Create()
    {
        var ids = new Argument<string[]>("backup") { Description = "Backup ids; without any, the sample of the hourly check.", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "Every backup." };
        var repair = new Option<bool>("--repair") { Description = "Make missing and damaged copies whole from good ones." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("verify", "Read copies back from every target and compare them with the signed manifest.") { ids, all, repair, json };
        command.SetAction((result, cancellationToken) => CommandBoundary.RunAsync(result, () =>
            RunAsync(new VerifyCopiesParameters("command line", result.GetValue(ids), result.GetValue(all), result.GetValue(repair)), result.GetValue(json), cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(VerifyCopiesParameters parameters, bool json, CancellationToken cancellationToken)
    {
        if (parameters is { All: true, Backups.Count: > 0 })
        {
            throw new PgdrException(ErrorCodes.InvalidSettings, "Name backups or use --all, not both.");
        }

        var settings = JobEnvironments.ReadSettings();
        var reporter = new ConsoleReporter(TimeProvider.System);
        using var loggers = JobEnvironments.CreateLoggers();
        VerifyCopiesResult result;
        try
        {
            var job = new VerifyCopiesJob(JobEnvironments.Create(settings, reporter, loggers));
            result = await job.RunAsync(parameters, cancellationToken);
        }
        finally
        {
            reporter.Finish();
        }

        if (json)
        {
            Json.Print(result);
        }
        else
        {
            Print(result);
        }

        await CatalogSite.FreshenAsync(settings, loggers, cancellationToken);
        return result.Success ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static void Print(VerifyCopiesResult result)
    {
        foreach (var finding in result.Findings)
        {
            var state = finding.Condition.ToString().ToUpperInvariant() + (finding.Repaired ? ", repaired" : string.Empty);
            Console.Out.WriteLine($"{finding.BackupId}  {finding.Target}: {state}");
            Console.Out.WriteLine($"    {finding.Detail}");
            if (finding.NotRepaired is { } why && why != finding.Detail)
            {
                Console.Out.WriteLine($"    Not repaired: {why}");
            }
        }

        foreach (var problem in result.Problems)
        {
            Console.Out.WriteLine(problem);
        }

        Console.Out.WriteLine(
            $"{result.Backups} backups read ({Sizes.Format(result.BytesRead)}); copies: {result.Good} good, {result.Missing} missing, {result.Damaged} damaged, "
            + $"{result.Unreachable} unreachable; {result.Repaired} repaired");
        if (result.Log is { } log)
        {
            Print(log);
        }

        if (!result.Success && result.Findings.Any(finding => finding is { Repaired: false, NotRepaired: null, Condition: not CopyCondition.Unreachable }))
        {
            Console.Out.WriteLine("'pgdr backup verify ... --repair' makes missing and damaged copies whole.");
        }
    }

    private static void Print(LogCheckResult log)
    {
        foreach (var finding in log.Findings)
        {
            Console.Out.WriteLine($"log {finding.SystemIdentifier} {finding.Object}  {finding.Target}: {finding.Condition.ToString().ToUpperInvariant()}{(finding.Repaired ? ", repaired" : finding.ReadRight ? ", read right when it was read again" : string.Empty)}");
            Console.Out.WriteLine($"    {finding.Detail}");
            if (finding.NotRepaired is { } why && why != finding.Detail)
            {
                Console.Out.WriteLine($"    Not repaired: {why}");
            }
        }

        foreach (var problem in log.Problems)
        {
            Console.Out.WriteLine(problem);
        }

        Console.Out.WriteLine(
            $"log: {log.Checked} of {log.Objects} objects read ({Sizes.Format(log.BytesRead)}); copies: {log.Good} good, {log.Damaged} damaged, {log.Unreachable} unreachable; "
            + $"{log.Repaired} repaired; {log.Missing} missing, {log.Copied} of them copied");
    }
}

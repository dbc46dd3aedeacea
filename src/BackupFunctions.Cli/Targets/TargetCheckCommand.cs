using System.CommandLine;
using BackupFunctions.Cli.Output;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Targets;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Cli.Targets;

/// <summary>pgdr target check: tries on each target what backups and restores will ask of it.</summary>
internal static class TargetCheckCommand
{
    public static Command Create()
    {
        var names = new Argument<string[]>("name") { Description = "Targets to check; all when none is named.", Arity = ArgumentArity.ZeroOrMore };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("check", "Write, read, list and delete a small object on each target, and say what does not work and why.")
        {
            names,
            json,
        };
        command.SetAction((result, cancellationToken) => CommandBoundary.RunAsync(result, () =>
            RunAsync(result.GetValue(names) ?? [], result.GetValue(json), cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(string[] names, bool json, CancellationToken cancellationToken)
    {
        var settings = JobEnvironments.ReadSettings();

        // The findings say it all; the log of attempts would stand between them.
        var environment = JobEnvironments.Create(settings, new SilentReporter(), NullLoggerFactory.Instance);
        var result = await new TargetCheckJob(environment).RunAsync(new TargetCheckParameters(names, "command line"), cancellationToken);
        if (json)
        {
            Json.Print(result);
        }
        else
        {
            Print(result);
        }

        return result.Targets.Any(target => target.Status == CheckStatus.Fail) ? ExitCodes.Failed : ExitCodes.Done;
    }

    private static void Print(TargetCheckResult result)
    {
        foreach (var target in result.Targets)
        {
            Console.Out.WriteLine($"{target.Target}: {Text(target.Status)}");
            foreach (var finding in target.Findings)
            {
                Console.Out.WriteLine($"  {Text(finding.Status),-4}  {finding.Check,-17}  {finding.Detail}");
            }
        }
    }

    private static string Text(CheckStatus status) => status.ToString().ToUpperInvariant();
}

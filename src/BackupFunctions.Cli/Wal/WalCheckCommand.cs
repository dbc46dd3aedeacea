using System.CommandLine;
using BackupFunctions.Cli.Output;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Wal.Checks;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Cli.Wal;

/// <summary>pgdr wal check: whether a server is set up so that its log can be archived, and how to mend what is not.</summary>
internal static class WalCheckCommand
{
    public static Command Create()
    {
        var server = ServerArgument.Create();
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("check", "Look at a server's settings for what archiving its log needs, and name the fix of each. Changes nothing.") { server, json };
        command.SetAction((result, cancellationToken) => CommandBoundary.RunAsync(result, () => RunAsync(result.GetValue(server), result.GetValue(json), cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(string? server, bool json, CancellationToken cancellationToken)
    {
        var settings = JobEnvironments.ReadSettings();
        var check = new WalCheck(JobEnvironments.Create(settings, new SilentReporter(), NullLoggerFactory.Instance));
        var result = await check.RunAsync(ServerArgument.Choose(settings, server), cancellationToken);
        if (json)
        {
            Json.Print(result);
        }
        else
        {
            Console.Out.WriteLine($"{result.Server}: {Text(result.Status)}");
            foreach (var finding in result.Findings)
            {
                Console.Out.WriteLine($"  {Text(finding.Status),-4}  {finding.Check,-17}  {finding.Detail}");
            }
        }

        return result.Status == CheckStatus.Fail ? ExitCodes.Failed : ExitCodes.Done;
    }

    private static string Text(CheckStatus status) => status.ToString().ToUpperInvariant();
}

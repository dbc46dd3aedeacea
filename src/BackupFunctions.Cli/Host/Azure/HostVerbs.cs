using System.CommandLine;
using BackupFunctions.Contracts;

namespace BackupFunctions.Cli.Host.Azure;

/// <summary>On Azure the state belongs to the Durable Functions extension, which has tools of its own.</summary>
internal static class HostVerbs
{
    private static readonly string[] Names = ["doctor", "replay", "export"];

    public static IEnumerable<Command> Create() => Names.Select(name =>
    {
        var command = new Command(name, "Only for the embedded host.") { TreatUnmatchedTokensAsErrors = false };
        command.SetAction((result, _) => CommandBoundary.RunAsync(result, () => throw new PgdrException(
            ErrorCodes.InvalidSettings,
            $"'pgdr host {name}' examines the embedded host, and this build is for Azure Functions: use the Durable status endpoint "
            + "(/runtime/webhooks/durabletask/instances) and the dashboard of the Durable Task Scheduler.")));
        return command;
    });
}

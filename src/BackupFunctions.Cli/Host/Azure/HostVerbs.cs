using System.CommandLine;
using BackupFunctions.Contracts;

namespace BackupFunctions.Cli.Host.Azure;

/// <summary>On Azure the state belongs to the Durable Functions extension, which has tools of its own.</summary>
internal static class HostVerbs
{
    public static IEnumerable<Command> Create() => new[] { "doctor", "replay", "export" }.Select(name =>
    {
        var command = new Command(name, "Only for the embedded host.") { TreatUnmatchedTokensAsErrors = false };
        command.SetAction((result, _) => CommandBoundary.RunAsync(result, () => throw new PgdrException(
            ErrorCodes.InvalidSettings,
            $"'pgdr host {name}' examines the embedded host, and this build is for Azure Functions: use the Durable status endpoint "
            + "(/runtime/webhooks/durabletask/instances) and the dashboard of the Durable Task Scheduler.")));
        return command;
    });
}

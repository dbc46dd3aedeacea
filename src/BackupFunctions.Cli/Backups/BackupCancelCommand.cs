using System.CommandLine;
using System.Net;
using BackupFunctions.Cli.HostApi;
using BackupFunctions.Contracts;

namespace BackupFunctions.Cli.Backups;

/// <summary>pgdr backup cancel: a manual backup of a running host that waits for its time does not begin.</summary>
internal static class BackupCancelCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("id") { Description = "The instance, as 'pgdr backup scheduled' shows it." };
        var host = new HostOptions();
        var command = new Command("cancel", "Take back a backup that waits for its time.") { id };
        host.AddTo(command);
        command.SetAction((result, cancellationToken) => CommandBoundary.RunAsync(result, async () =>
        {
            using var client = host.Connect(result, BackupStartCommand.Otherwise);
            var wanted = result.GetRequiredValue(id);
            var answer = await client.CallAsync(HttpMethod.Post, $"api/backups/{Uri.EscapeDataString(wanted)}/cancel", body: null, cancellationToken);
            if (answer.Status != HttpStatusCode.OK)
            {
                // Nobody may take this for done.
                throw new PgdrException(
                    ErrorCodes.Unexpected, $"The backup {wanted} has not taken the cancellation yet: its instance is suspended, or the host is busy; 'pgdr backup scheduled' shows when it is gone.");
            }

            Console.Out.WriteLine($"{wanted} is canceled.");
            return ExitCodes.Done;
        }));
        return command;
    }
}

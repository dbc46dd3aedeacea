using System.CommandLine;
using BackupFunctions.Cli.HostApi;
using BackupFunctions.Cli.Output;
using BackupFunctions.Contracts.ManualBackups;

namespace BackupFunctions.Cli.Backups;

/// <summary>pgdr backup scheduled: manual backups of a running host that wait for their time.</summary>
internal static class BackupScheduledCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print the list as JSON." };
        var host = new HostOptions();
        var command = new Command("scheduled", "List the backups of a running host that wait for their time.") { json };
        host.AddTo(command);
        command.SetAction((result, cancellationToken) => CommandBoundary.RunAsync(result, async () =>
        {
            using var client = host.Connect(result, BackupStartCommand.Otherwise);
            var answer = await client.CallAsync(HttpMethod.Get, "api/backups/scheduled", body: null, cancellationToken);
            var waiting = answer.Read<IReadOnlyList<ScheduledBackup>>();
            if (result.GetValue(json))
            {
                Json.Print(waiting);
                return ExitCodes.Done;
            }

            foreach (var one in waiting)
            {
                Plain.WriteLine(Line(one));
            }

            if (waiting.Count == 0)
            {
                await Console.Error.WriteLineAsync("No backup waits for its time.");
            }

            return ExitCodes.Done;
        }));
        return command;
    }

    private static string Line(ScheduledBackup one) =>
        $"{one.At.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z  {one.Id}  {one.Kind.ToString().ToUpperInvariant(),-13} {(one.Server is { } server ? $"server {server}" : one.Database)}"
        + (one.Kind != ManualBackupKind.Tenant ? string.Empty : one.Tenants is { } tenants ? $", tenants {string.Join(", ", tenants)}" : ", all tenants")
        + $", asked for by {one.RequestedBy}{(one.Hook is { } hook ? $", tells hook {hook}" : string.Empty)}{(one.Suspended ? ", SUSPENDED" : string.Empty)}";
}

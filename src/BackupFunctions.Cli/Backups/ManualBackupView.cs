using System.Text.Json;
using System.Text.Json.Nodes;
using BackupFunctions.Cli.HostApi;
using BackupFunctions.Cli.Output;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.ManualBackups;

namespace BackupFunctions.Cli.Backups;

/// <summary>A manual backup of a host as text.</summary>
internal static class ManualBackupView
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Prints each change until it has ended.</summary>
    public static async Task<int> FollowAsync(HostClient client, string id, bool json, CancellationToken cancellationToken)
    {
        string? shown = null;
        while (true)
        {
            var answer = await client.CallAsync(HttpMethod.Get, $"runtime/webhooks/durabletask/instances/{Uri.EscapeDataString(id)}", body: null, cancellationToken);
            var instance = answer.Read<JsonObject>();
            var status = instance["customStatus"] is JsonObject custom ? custom.Deserialize<ManualBackupStatus>(ContractJson.Options) : null;
            if (status is { State: not ManualBackupState.Ended } && status.Detail != shown)
            {
                shown = status.Detail;
                await Console.Error.WriteLineAsync($"{status.State.ToString().ToUpperInvariant()}: {shown}");
            }

            if (instance["runtimeStatus"]?.GetValue<string>() is "Completed" or "Failed" or "Terminated" or "Canceled")
            {
                return End(status?.Result, json)
                    ?? throw new PgdrException(ErrorCodes.Canceled, $"The backup {id} ended as {instance["runtimeStatus"]} without a result; its instance says more.");
            }

            await Task.Delay(Interval, TimeProvider.System, cancellationToken);
        }
    }

    private static int? End(ManualBackupResult? result, bool json)
    {
        if (result is null)
        {
            return null;
        }

        foreach (var warning in result.Warnings)
        {
            Console.Error.WriteLine($"warning: {warning}");
        }

        Console.Out.WriteLine(json
            ? JsonSerializer.Serialize(result, ContractJson.Indented)
            : $"{result.Status.ToString().ToUpperInvariant()}{(result.BackupId is { } backup ? $": {backup}" : string.Empty)}{(result.Cause is { } cause ? $": {cause}" : string.Empty)}"
                + (result.PlainSize is { } plain ? $", {Sizes.Format(plain)} -> {Sizes.Format(result.StoredSize ?? 0)}" : string.Empty));
        return result.Status switch
        {
            ManualBackupOutcome.Verified => ExitCodes.Done,
            ManualBackupOutcome.Completed => ExitCodes.NotVerified,
            _ => ExitCodes.Failed,
        };
    }
}

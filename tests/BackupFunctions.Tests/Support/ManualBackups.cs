using BackupFunctions.Contracts.ManualBackups;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.Workflows;

namespace BackupFunctions.Tests.Support;

/// <summary>Manual backups on a host of a test.</summary>
internal static class ManualBackups
{
    public static readonly ManualBackupRequest Full = new() { Kind = ManualBackupKind.Full, Database = "shop", RequestedBy = "a test" };

    public static ManualBackupRequest FarAhead => Full with { At = new DateTimeOffset(2270, 1, 2, 3, 4, 5, TimeSpan.Zero) };

    public static Task<string> StartAsync(AppHost host, ManualBackupRequest request, string? id = null) => host.Client.ScheduleNewOrchestrationInstanceAsync(
        nameof(ManualBackup), request, id is null ? null : new EmbeddedHost.DurableTask.StartOrchestrationOptions(id));

    public static async Task<ManualBackupResult> ResultAsync(AppHost host, string id)
    {
        var end = await host.EndAsync(id);
        end.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed, end.FailureDetails?.ErrorMessage);
        return end.ReadOutputAs<ManualBackupResult>()!;
    }

    /// <summary>The status once it is like that.</summary>
    public static async Task<ManualBackupStatus> StatusAsync(AppHost host, string id, Func<ManualBackupStatus, bool> wanted)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (true)
        {
            if ((await host.Client.GetInstancesAsync(id, getInputsAndOutputs: true, limit.Token))?.ReadCustomStatusAs<ManualBackupStatus>() is { } status && wanted(status))
            {
                return status;
            }

            await Task.Delay(20, limit.Token);
        }
    }

    public static Task<ManualBackupStatus> WaitingAsync(AppHost host, string id) => StatusAsync(host, id, status => status.State == ManualBackupState.Waiting);
}

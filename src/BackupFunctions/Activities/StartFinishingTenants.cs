using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Workflows;

namespace BackupFunctions.Activities;

/// <summary>Starts <see cref="FinishTenantCopies"/> once for a run, as an instance of its own that nobody waits for.</summary>
public sealed class StartFinishingTenants
{
    [Function(nameof(StartFinishingTenants))]
    public async Task Run([ActivityTrigger] TenantRunId run, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        var instance = InstanceOf(run.Run);
        if (await client.GetInstanceAsync(instance, cancellationToken) is null)
        {
            await client.ScheduleNewOrchestrationInstanceAsync(nameof(FinishTenantCopies), run, new StartOrchestrationOptions(instance), cancellationToken);
        }
    }

    internal static string InstanceOf(string run) => $"finish-tenants-{run}";
}

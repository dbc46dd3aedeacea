using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Workflows;

namespace BackupFunctions.Activities;

/// <summary>Starts <see cref="FinishTenantCopies"/> once for a run, as an instance of its own that nobody waits for.</summary>
public sealed class StartFinishingTenants
{
    [Function(nameof(StartFinishingTenants))]
    public Task Run([ActivityTrigger] TenantRunId run, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        client.StartOnceAsync(nameof(FinishTenantCopies), InstanceOf(run.Run), run, cancellationToken);

    internal static string InstanceOf(string run) => $"finish-tenants-{run}";
}

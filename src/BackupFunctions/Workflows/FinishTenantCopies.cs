using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Workflows;

/// <summary>Gives the backups of one run of tenants the copies they lack, as <see cref="FinishCopies"/> does for one backup.</summary>
public static class FinishTenantCopies
{
    [Function(nameof(FinishTenantCopies))]
    public static Task<VerifyCopiesResult> Run([OrchestrationTrigger] TaskOrchestrationContext context) => FinishCopies.RunAsync(
        context, new VerifyCopiesParameters("unfinished tenants", Repair: true) { Ended = true, TenantRun = context.GetInput<TenantRunId>()! });
}

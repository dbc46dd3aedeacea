using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Workflows;

/// <summary>One check of storage targets.</summary>
public static class TargetHealth
{
    [Function(nameof(TargetHealth))]
    public static async Task<TargetCheckResult> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var parameters = context.GetInput<TargetCheckParameters>()!;
        var spec = await context.StartJobAsync($"target-check-{context.NewGuid():N}", JobKinds.TargetCheck, parameters);
        var result = await context.WaitForJobAsync(spec, progress => context.SetCustomStatus(progress));
        return result!.Output<TargetCheckResult>();
    }
}

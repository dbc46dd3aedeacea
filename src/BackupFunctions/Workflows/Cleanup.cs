using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Workflows;

/// <summary>One run of retention over all backups. Its output says whether something that was due could not be done.</summary>
public static class Cleanup
{
    [Function(nameof(Cleanup))]
    public static async Task<CleanupResult> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var parameters = context.GetInput<CleanupParameters>()!;
        var spec = await context.StartJobAsync($"cleanup-{context.NewGuid():N}", JobKinds.Cleanup, parameters);
        var result = await context.WaitForJobAsync(spec, progress => context.SetCustomStatus(progress));
        return result!.Output<CleanupResult>();
    }
}

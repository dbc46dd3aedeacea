using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Workflows;

/// <summary>One integrity check of stored copies. Its output lists what is damaged, missing or unreachable, and what was repaired.</summary>
public static class IntegrityCheck
{
    [Function(nameof(IntegrityCheck))]
    public static async Task<VerifyCopiesResult> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var parameters = context.GetInput<VerifyCopiesParameters>()!;
        var spec = await context.StartJobAsync($"verify-copies-{context.NewGuid():N}", JobKinds.VerifyCopies, parameters);
        var result = await context.WaitForJobAsync(spec, progress => context.SetCustomStatus(progress));
        return result!.Output<VerifyCopiesResult>();
    }
}

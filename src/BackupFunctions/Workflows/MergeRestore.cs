using BackupFunctions.Contracts.Merges;

namespace BackupFunctions.Workflows;

/// <summary>
/// A merge: rows of a backup, or of a point of the log, into the database that goes on. Seven steps, each checkpointed; a step that fails ends
/// it. What it made beside the database is removed in every case.
/// </summary>
public static class MergeRestore
{
    [Function(nameof(MergeRestore))]
    public static async Task<MergeRestoreReport> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var request = context.GetInput<MergeRestoreRequest>()
            ?? throw new StepFailedException("A merge needs a request: start it by POST /api/merges.");
        var steps = new MergeRestoreSteps(context, request);
        await steps.AdmitAsync();
        string? failure = null;
        try
        {
            await steps.RunAsync(1, steps.SelectBackupAsync);
            await steps.RunAsync(2, steps.FetchAsync);
            await steps.RunAsync(3, steps.RestoreAsync);
            await steps.RunAsync(4, steps.PlanAsync);
            await steps.RunAsync(5, steps.BackUpAsync);
            await steps.RunAsync(6, steps.ApplyAsync);
        }
        catch (StepFailedException e)
        {
            failure = e.Message;
        }

        await steps.CleanUpAsync();
        return failure is null ? steps.Report() : throw new StepFailedException(failure);
    }
}

using BackupFunctions.Contracts.DisasterRecovery;

namespace BackupFunctions.Workflows;

/// <summary>The disaster recovery runbook: seven steps after a confirmed start, each checkpointed; a step that fails waits for a person's
/// retry or abort.</summary>
public static class DisasterRecovery
{
    [Function(nameof(DisasterRecovery))]
    public static async Task<DisasterRecoveryReport> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var request = context.GetInput<DisasterRecoveryRequest>()
            ?? throw new StepFailedException("A recovery needs a request: start it by POST /api/disaster-recovery.");
        var book = new Runbook(context, request);
        await book.AdmitAsync();
        try
        {
            await book.PlanAsync();
            await book.StepAsync(1, book.SelectBackupAsync);
            await book.StepAsync(2, book.DownloadAsync);
            await book.StepAsync(3, book.DecryptAndDecompressAsync);
            await book.StepAsync(4, book.RestoreAndSwapAsync);
            await book.StepAsync(5, book.RestartApplicationAsync);
            await book.StepAsync(6, book.VerifyHealthAsync);
            await book.StepAsync(7, book.RerouteAsync);
            return await book.ReportAsync(success: true);
        }
        catch (RunbookAbortedException)
        {
            return await book.ReportAsync(success: false);
        }
    }
}

using BackupFunctions.Contracts.ManualBackups;

namespace BackupFunctions.Workflows;

/// <summary>
/// A backup that somebody asked for: waits for its time, can be canceled until then, is taken as the kind's own workflow takes it, and tells
/// a hook of its end. All of that is one instance, so that its links reach the backup: progress, suspend, terminate. A backup that failed is
/// an instance that failed.
/// </summary>
public static class ManualBackup
{
    [Function(nameof(ManualBackup))]
    public static async Task<ManualBackupResult> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var request = context.GetInput<ManualBackupRequest>()
            ?? throw new StepFailedException("A manual backup needs a request: start it by POST /api/backups.");
        var run = new ManualBackupRun(context, request);
        if (await run.WaitAsync() is { } canceler)
        {
            return await run.EndAsync(run.Canceled(canceler));
        }

        TakenBackup taken;
        try
        {
            taken = await run.TakeAsync();
        }
        catch (Exception e) when (e is StepFailedException or TaskFailedException)
        {
            await run.EndAsync(run.Failed(e));
            throw;
        }

        return await run.EndAsync(run.Taken(taken));
    }
}

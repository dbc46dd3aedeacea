using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Workflows;

/// <summary>One full backup of one database.</summary>
public static class FullBackup
{
    [Function(nameof(FullBackup))]
    public static async Task<FullBackupResult> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var parameters = context.GetInput<FullBackupParameters>()!;
        var spec = await context.StartJobAsync($"backup-{context.NewGuid():N}", JobKinds.FullBackup, parameters);
        var result = await context.WaitForJobAsync(spec, progress => context.SetCustomStatus(progress));
        return result!.Output<FullBackupResult>();
    }
}

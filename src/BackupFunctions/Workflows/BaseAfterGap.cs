using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Workflows;

/// <summary>A base backup behind a gap in the log, without which nothing behind the gap can be recovered: tried until there is one.</summary>
public static class BaseAfterGap
{
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(6)];

    [Function(nameof(BaseAfterGap))]
    public static async Task<BaseBackupResult> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var parameters = new BaseBackupParameters(context.GetInput<string>()!, "gap in the log");
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await context.CallSubOrchestratorAsync<BaseBackupResult>(nameof(BaseBackup), parameters);
            }
            catch (TaskFailedException) when (attempt < Pauses.Length)
            {
                await context.CreateTimer(Pauses[attempt], CancellationToken.None);
            }
        }
    }
}

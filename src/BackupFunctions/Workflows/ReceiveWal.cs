using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Workflows;

/// <summary>One run of a receiver of write-ahead log; a continuous one goes on until it is stopped.</summary>
public static class ReceiveWal
{
    [Function(nameof(ReceiveWal))]
    public static async Task<ReceiveWalResult> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var parameters = context.GetInput<ReceiveWalParameters>()!;
        var spec = await context.StartJobAsync($"wal-{context.NewGuid():N}", JobKinds.ReceiveWal, parameters);
        var result = await context.WaitForJobAsync(spec, static _ => { });
        return result!.Output<ReceiveWalResult>();
    }
}

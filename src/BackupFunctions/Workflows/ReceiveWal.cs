using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Workflows;

/// <summary>
/// One run of a receiver of write-ahead log; a continuous one goes on until it is stopped. A gap that the job reports, while it goes on or
/// at its end, has a base backup taken behind it, once.
/// </summary>
public static class ReceiveWal
{
    /// <summary>Looks at a job fill a history, which is read whole at every one: it begins anew in time.</summary>
    private static readonly TimeSpan LongestHistory = TimeSpan.FromHours(1);

    [Function(nameof(ReceiveWal))]
    public static async Task<ReceiveWalResult?> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var parameters = context.GetInput<ReceiveWalParameters>()!;
        var begun = context.CurrentUtcDateTime;
        var spec = await context.StartJobAsync(parameters.RunId ?? $"wal-{context.NewGuid():N}", JobKinds.ReceiveWal, parameters with { RunId = null });
        IReadOnlyList<string> needed = [];
        var started = 0;
        while (true)
        {
            var result = await context.WaitForJobAsync(
                spec, progress => needed = progress.BasesNeeded ?? needed, until: () => needed.Count > started || context.CurrentUtcDateTime - begun > LongestHistory);
            for (; started < needed.Count; started++)
            {
                await context.StartBaseAfterGapAsync(parameters.Server, needed[started]);
            }

            if (result is not null)
            {
                return result.Output<ReceiveWalResult>();
            }

            if (context.CurrentUtcDateTime - begun > LongestHistory)
            {
                context.ContinueAsNew(parameters with { RunId = spec.RunId });
                return null;
            }
        }
    }
}

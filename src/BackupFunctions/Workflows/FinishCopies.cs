using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Workflows;

/// <summary>
/// Gives a backup that has just ended the copies it lacks, from those it has: at once, and twice more while a target is away. What is
/// missing then is left to the hourly check. Its output is that of the last attempt.
/// </summary>
public static class FinishCopies
{
    private static readonly TimeSpan[] Pauses = [TimeSpan.Zero, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30)];

    [Function(nameof(FinishCopies))]
    public static Task<VerifyCopiesResult> Run([OrchestrationTrigger] TaskOrchestrationContext context) =>
        RunAsync(context, new VerifyCopiesParameters("unfinished backup", [context.GetInput<string>()!], Repair: true) { Ended = true });

    internal static async Task<VerifyCopiesResult> RunAsync(TaskOrchestrationContext context, VerifyCopiesParameters parameters)
    {
        for (var attempt = 0; ; attempt++)
        {
            if (Pauses[attempt] > TimeSpan.Zero)
            {
                await context.CreateTimer(Pauses[attempt], CancellationToken.None);
            }

            var spec = await context.StartJobAsync($"finish-copies-{context.NewGuid():N}", JobKinds.VerifyCopies, parameters);
            var result = (await context.WaitForJobAsync(spec, progress => context.SetCustomStatus(progress)))!;
            if (attempt == Pauses.Length - 1 || (result.State == JobState.Succeeded && result.Output<VerifyCopiesResult>().Success))
            {
                return result.Output<VerifyCopiesResult>();
            }
        }
    }
}

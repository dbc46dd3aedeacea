using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Workflows;

namespace BackupFunctions.Activities;

/// <summary>
/// Starts <see cref="BaseAfterGap"/> for one gap, as an instance of its own that nobody waits for. Its id names the gap, so that it is once
/// for each gap and not for each run that sees it.
/// </summary>
public sealed class StartBaseAfterGap
{
    [Function(nameof(StartBaseAfterGap))]
    public Task Run([ActivityTrigger] GapBase gap, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        client.StartOnceAsync(nameof(BaseAfterGap), InstanceOf(gap.GapId), gap.Server, cancellationToken);

    internal static string InstanceOf(string gapId) => $"base-after-gap-{gapId}";
}

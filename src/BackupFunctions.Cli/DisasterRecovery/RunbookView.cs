using BackupFunctions.Cli.HostApi;
using BackupFunctions.Contracts.DisasterRecovery;

namespace BackupFunctions.Cli.DisasterRecovery;

/// <summary>The runbook's steps as text.</summary>
internal static class RunbookView
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Prints each change of a step until the runbook has ended.</summary>
    public static async Task<int> FollowAsync(HostClient client, string database, CancellationToken cancellationToken)
    {
        var shown = new Dictionary<int, string>();
        while (true)
        {
            var state = await client.StatusAsync(database, cancellationToken);
            foreach (var step in state.Status?.Steps ?? [])
            {
                var line = Line(step);
                if (step.Status != StepStatus.Pending && (!shown.TryGetValue(step.Step, out var before) || before != line))
                {
                    shown[step.Step] = line;
                    Console.Out.WriteLine(line);
                }
            }

            if (state.HasEnded)
            {
                Console.Out.WriteLine(state.Succeeded ? $"recovered {database}" : $"recovery of {database} ended: {state.RuntimeStatus}");
                return state.Succeeded ? ExitCodes.Done : ExitCodes.Failed;
            }

            await Task.Delay(Interval, TimeProvider.System, cancellationToken);
        }
    }

    public static void Print(RunbookState state)
    {
        Console.Out.WriteLine($"{state.RuntimeStatus}");
        if (state.Status is not { } status)
        {
            return;
        }

        foreach (var step in status.Steps)
        {
            Console.Out.WriteLine(Line(step));
        }

        Console.Out.WriteLine($"RTO clock: {status.RtoSeconds} s{(status.EtaSeconds is { } eta ? $", this step about {eta} s more" : string.Empty)}");
        if (status.AwaitingEvents is { } events)
        {
            Console.Out.WriteLine($"waiting for a person: pgdr dr {string.Join(" | ", events)} {status.Database}");
        }
    }

    private static string Line(RecoveryStep step) =>
        $"{step.Step}/7 {step.Name,-22} {step.Status.ToString().ToUpperInvariant(),-9} {(step.DurationSeconds is { } seconds ? $"{seconds} s" : string.Empty),-8} {step.Detail}";
}

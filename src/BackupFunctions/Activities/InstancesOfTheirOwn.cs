namespace BackupFunctions.Activities;

/// <summary>Starts instances that nobody waits for.</summary>
internal static class InstancesOfTheirOwn
{
    /// <summary>Once: a repeated call finds it started.</summary>
    /// <param name="client">Of the host.</param>
    /// <param name="workflow">Its name.</param>
    /// <param name="instance">Names what it is for.</param>
    /// <param name="input">Of the workflow.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task StartOnceAsync(this DurableTaskClient client, string workflow, string instance, object input, CancellationToken cancellationToken)
    {
        if (await client.GetInstanceAsync(instance, cancellationToken) is null)
        {
            await client.ScheduleNewOrchestrationInstanceAsync(workflow, input, new StartOrchestrationOptions(instance), cancellationToken);
        }
    }
}

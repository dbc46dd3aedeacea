using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.State;

/// <summary>States that an instance does not leave by itself.</summary>
internal static class InstanceStates
{
    /// <summary>The final states as an SQL list.</summary>
    public const string FinalSql = "('Completed', 'Failed', 'Terminated', 'Canceled')";

    public static bool IsFinal(OrchestrationRuntimeStatus status) => status is OrchestrationRuntimeStatus.Completed
        or OrchestrationRuntimeStatus.Failed
        or OrchestrationRuntimeStatus.Terminated
        or OrchestrationRuntimeStatus.Canceled;
}

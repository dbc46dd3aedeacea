namespace BackupFunctions.Workflows;

/// <summary>What a person can tell a waiting runbook (external events).</summary>
internal static class RunbookEvents
{
    /// <summary>Run the failed step again.</summary>
    public const string Retry = "retry";

    /// <summary>End the recovery; nothing is undone and nothing is lost.</summary>
    public const string Abort = "abort";

    /// <summary>What the step waits for was done by hand.</summary>
    public const string Continue = "continue";
}

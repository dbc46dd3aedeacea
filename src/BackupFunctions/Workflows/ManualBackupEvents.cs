namespace BackupFunctions.Workflows;

/// <summary>What a person can tell a manual backup that waits for its time (external events).</summary>
internal static class ManualBackupEvents
{
    /// <summary>It must not begin; says who wants that. Once it has begun it changes nothing.</summary>
    public const string Cancel = "cancel";
}

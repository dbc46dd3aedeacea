namespace BackupFunctions.Contracts.Jobs;

/// <summary>Phases that have a meaning for others than the job itself.</summary>
public static class JobPhases
{
    /// <summary>Other jobs go first.</summary>
    public const string Waiting = "waiting";

    public const string Download = "download";

    /// <summary>Of a run of tenants: some may be done.</summary>
    public const string Tenants = "tenants";
}

namespace BackupFunctions.Contracts.Jobs;

/// <summary>Phases that workflows wait for by name.</summary>
public static class JobPhases
{
    public const string Download = "download";
}

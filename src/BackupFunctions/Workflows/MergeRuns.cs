namespace BackupFunctions.Workflows;

/// <summary>Run ids of a merge's jobs.</summary>
internal static class MergeRuns
{
    public static string Prefix(string restoreId) => $"merge-{restoreId}-";
}

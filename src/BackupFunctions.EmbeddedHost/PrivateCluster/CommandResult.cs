namespace BackupFunctions.EmbeddedHost.PrivateCluster;

/// <summary>How a program ended, and what it printed.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>The last words of the program, for a sentence.</summary>
    public string LastWords => (Error.Trim().Length > 0 ? Error : Output).Trim().Split('\n')[^1].Trim();
}

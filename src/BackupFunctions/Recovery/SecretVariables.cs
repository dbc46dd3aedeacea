namespace BackupFunctions.Recovery;

/// <summary>Environment variables that hold secrets of the host: a command that it starts has no need of them.</summary>
internal static class SecretVariables
{
    private static readonly string[] Endings =
    [
        "PASSWORD", "PASSPHRASE", "SECRETKEY", "_KEY", "_KEYS", "STATE_CONNECTION", "CATALOG_CONNECTION", "CONNECTION_STRING",
        "NOTIFY_URL",
    ];

    public static void Remove(IDictionary<string, string?> environment)
    {
        foreach (var name in environment.Keys.Where(IsSecret).ToList())
        {
            environment.Remove(name);
        }
    }

    /// <summary>By its name, in any case: Servers__main__Password, B2_APPLICATION_KEY, AzureWebJobsStorage.</summary>
    internal static bool IsSecret(string name) =>
        name.StartsWith("AzureWebJobs", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("NotifyHooks__", StringComparison.OrdinalIgnoreCase)
        || Array.Exists(Endings, ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
}

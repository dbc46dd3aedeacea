namespace BackupFunctions.TestSupport;

/// <summary>The Azurite that tests/install-azurite.sh installed; installed on first use.</summary>
public static class AzuriteInstallation
{
    /// <summary>The script for Node.js that serves blobs.</summary>
    /// <exception cref="InvalidOperationException">The installation failed; the message says what to do.</exception>
    public static async Task<string> EnsureAsync()
    {
        var said = await CommandLine.RunAsync(Repository.PathOf("tests/install-azurite.sh"), Folder);
        var installed = said.TrimEnd().Split(" in ")[^1];
        return Path.Combine(installed, "node_modules", "azurite", "dist", "src", "blob", "main.js");
    }

    private static string Folder => TestCache.Folder("azurite");
}

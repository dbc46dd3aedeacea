using System.Text;

namespace BackupFunctions.Archive.RecoveryKit;

/// <summary>The files of recovery-kit/ in every target: how to open a backup without BackupFunctions.</summary>
public static class RecoveryKitFiles
{
    private static readonly string[] Names = ["README.md", "FORMAT.md", "open-backup.py", "open-backup.sh"];

    /// <param name="verificationKeyPem">The public signing key, for convenience: whoever opens a backup compares it with a pinned one.</param>
    public static IReadOnlyList<(string Name, byte[] Bytes)> All(string verificationKeyPem) =>
        [.. Names.Select(name => (name, Load(name))), (Keys.KeyFiles.SigningPublic, Encoding.ASCII.GetBytes(verificationKeyPem))];

    private static byte[] Load(string name)
    {
        using var resource = typeof(RecoveryKitFiles).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded.");
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }
}

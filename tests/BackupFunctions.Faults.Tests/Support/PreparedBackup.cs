using System.Security.Cryptography;

namespace BackupFunctions.Faults.Tests.Support;

/// <summary>A real backup, taken once: tests put its objects into targets of their own.</summary>
/// <param name="BackupId">Its id.</param>
/// <param name="Database">Of which database.</param>
/// <param name="Objects">All that a target holds of it, statements too, by key.</param>
/// <param name="DumpDigest">Of the files that a restore fetches.</param>
internal sealed record PreparedBackup(string BackupId, string Database, IReadOnlyDictionary<string, byte[]> Objects, string DumpDigest)
{
    /// <summary>The key of its largest object.</summary>
    public string Largest => Objects.MaxBy(item => item.Value.Length).Key;

    /// <summary>The key that ends so.</summary>
    public string Key(string name) => Objects.Keys.Single(key => key.EndsWith("/" + name, StringComparison.Ordinal));

    public string ManifestSha256 => Convert.ToHexStringLower(SHA256.HashData(Objects[Key("manifest.json")]));

    /// <summary>SHA-256 by key, without statements.</summary>
    public IReadOnlyDictionary<string, string> CopyDigests =>
        CopyKeys.ToDictionary(key => key, key => Convert.ToHexStringLower(SHA256.HashData(Objects[key])), StringComparer.Ordinal);

    public IEnumerable<string> CopyKeys => Objects.Keys.Where(key => key.Contains("/backups/", StringComparison.Ordinal));
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BackupFunctions.Contracts;
using BackupFunctions.Jobs.Files;

namespace BackupFunctions.Jobs.Backup;

/// <summary>This writer's chain of manifests for one database or server: a later reader sees when one was taken out of it.</summary>
internal sealed class ManifestChain
{
    private readonly string _path;

    public ManifestChain(string runStore, string cluster, string database)
    {
        var folder = Path.Combine(runStore, "chains");
        JobFolders.Prepare(folder, "RUN_STORE_PATH");
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{cluster}\0{database}")))[..32];
        _path = Path.Combine(folder, $"{name}.json");
    }

    /// <summary>The chain of a server's base backups; no database has a name with NUL in it.</summary>
    public static ManifestChain OfServer(string runStore, string cluster, string server) => new(runStore, cluster, $"\0{server}");

    /// <summary>The chain of one tenant's backups.</summary>
    public static ManifestChain OfTenant(string runStore, string cluster, string database, string tenant) => new(runStore, cluster, $"{database}\0{tenant}");

    /// <summary>The chain of a server's configurations.</summary>
    public static ManifestChain OfConfiguration(string runStore, string cluster, string server) => new(runStore, cluster, $"\0\0{server}");

    /// <summary>The last link; sequence 0 where this writer has written nothing yet.</summary>
    public ManifestChainLink Read() => File.Exists(_path)
        ? JsonSerializer.Deserialize<ManifestChainLink>(File.ReadAllBytes(_path), ContractJson.Options)!
        : new ManifestChainLink(0, Sha256: null);

    public void Write(ManifestChainLink link)
    {
        var beside = _path + ".tmp";
        File.WriteAllBytes(beside, JsonSerializer.SerializeToUtf8Bytes(link, ContractJson.Options));
        File.Move(beside, _path, overwrite: true);
    }
}

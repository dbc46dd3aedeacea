using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BackupFunctions.Contracts;
using BackupFunctions.Jobs.Files;

namespace BackupFunctions.Jobs.BaseBackup;

/// <summary>
/// The last backup_manifest of a server, kept in the run store: an incremental backup needs that of its parent, and a machine that takes
/// backups has no key to read what it wrote to storage. It has names and checksums of files, nothing of their contents. Lost, it costs one
/// whole base backup.
/// </summary>
internal sealed class LastBaseStore
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _facts;
    private readonly string _folder;
    private readonly string _name;

    public LastBaseStore(string runStore, string cluster, string server)
    {
        _folder = Path.Combine(runStore, "bases");
        JobFolders.Prepare(_folder, "RUN_STORE_PATH");
        _name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{cluster}\0{server}")))[..32];
        _facts = Path.Combine(_folder, $"{_name}.json");
    }

    /// <summary>Where the manifest of a backup goes while that is being taken.</summary>
    public string ManifestOf(string backupId) => Path.Combine(_folder, $"{_name}-{backupId}.backup_manifest");

    /// <summary>An empty file for this account alone.</summary>
    public FileStream Create(string backupId) => new(
        ManifestOf(backupId), new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly, Options = FileOptions.Asynchronous });

    /// <summary>Null: there is none, or it cannot be read as it was written. A whole base backup is right in either case.</summary>
    public async Task<LastBase?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var last = JsonSerializer.Deserialize<LastBase>(await File.ReadAllBytesAsync(_facts, cancellationToken), ContractJson.Options)!;
            await using var manifest = File.OpenRead(ManifestOf(last.BackupId));
            return string.Equals(await HashAsync(manifest, cancellationToken), last.ManifestSha256, StringComparison.Ordinal) ? last : null;
        }
        catch (Exception e) when (e is JsonException || JobFolders.IsFileFailure(e))
        {
            return null;
        }
    }

    /// <summary>The backup is complete: the next one may be incremental to it.</summary>
    /// <param name="last">All but the hash.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task WriteAsync(LastBase last, CancellationToken cancellationToken)
    {
        await using (var manifest = File.OpenRead(ManifestOf(last.BackupId)))
        {
            last = last with { ManifestSha256 = await HashAsync(manifest, cancellationToken) };
        }

        var beside = _facts + ".tmp";
        await File.WriteAllBytesAsync(beside, JsonSerializer.SerializeToUtf8Bytes(last, ContractJson.Options), cancellationToken);
        File.Move(beside, _facts, overwrite: true);
        // Ids sort by time: what is newer belongs to a backup under way.
        foreach (var older in Directory.EnumerateFiles(_folder, $"{_name}-*").Where(file => string.CompareOrdinal(file, ManifestOf(last.BackupId)) < 0))
        {
            File.Delete(older);
        }
    }

    private static async Task<string> HashAsync(Stream content, CancellationToken cancellationToken) =>
        Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
}

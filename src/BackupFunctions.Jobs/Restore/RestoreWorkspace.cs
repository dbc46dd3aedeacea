using System.Text.Json;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Settings;

namespace BackupFunctions.Jobs.Restore;

/// <summary>
/// The folder that the jobs of one recovery share: the dump as it is brought back, what is known of it, and marks of what is complete.
/// It survives the job, so that a job started again goes on where the last one stopped.
/// </summary>
internal sealed class RestoreWorkspace
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _folder;

    public RestoreWorkspace(BackupSettings settings, string restoreId)
    {
        if (restoreId.Length is 0 or > 60 || !restoreId.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
        {
            throw new PgdrException(ErrorCodes.InvalidSettings, $"'{restoreId}' is not a restore id: use letters, digits and '-' only.");
        }

        _folder = Path.Combine(settings.WorkPath, "restores", restoreId);
    }

    /// <summary>What pg_restore reads.</summary>
    public string DumpFolder => Path.Combine(_folder, "dump");

    /// <summary>Marks count only within the same boot: what was written before a power cut may never have reached the disk.</summary>
    private string MarkFolder => Path.Combine(_folder, $"complete-{BootId()}");

    public void Create()
    {
        foreach (var folder in new[] { _folder, DumpFolder, MarkFolder })
        {
            Directory.CreateDirectory(folder, Private);
        }
    }

    public bool IsComplete(ManifestObject stored) =>
        File.Exists(MarkOf(stored)) && string.Equals(File.ReadAllText(MarkOf(stored)), stored.Sha256, StringComparison.Ordinal);

    public void MarkComplete(ManifestObject stored)
    {
        File.WriteAllText(MarkOf(stored) + ".tmp", stored.Sha256);
        File.Move(MarkOf(stored) + ".tmp", MarkOf(stored), overwrite: true);
    }

    /// <summary>Keeps what the restore and the swap need, so that they do not depend on storage being reachable.</summary>
    public void Save(FetchedBackup backup)
    {
        Write("manifest.json", backup.Document.Json);
        Write("manifest.sig", backup.Document.Signature);
        Write("contents.json", JsonSerializer.SerializeToUtf8Bytes(backup.Contents, ContractJson.Options));
    }

    public FetchedBackup Load()
    {
        try
        {
            var json = File.ReadAllBytes(Path.Combine(_folder, "manifest.json"));
            return new FetchedBackup(
                JsonSerializer.Deserialize<Manifest>(json, ContractJson.Options)!,
                new SignedDocument(json, File.ReadAllBytes(Path.Combine(_folder, "manifest.sig"))),
                JsonSerializer.Deserialize<BackupContents>(File.ReadAllBytes(Path.Combine(_folder, "contents.json")), ContractJson.Options)!);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new PgdrException(
                ErrorCodes.ObjectAbsent, "The fetched backup is not in the work folder any more: start the recovery again, it will be fetched anew.", e);
        }
    }

    public void Delete()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static string BootId() => File.Exists("/proc/sys/kernel/random/boot_id")
        ? File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()
        : "unknown";

    private string MarkOf(ManifestObject stored) => Path.Combine(MarkFolder, stored.Name.Replace('/', '_'));

    private void Write(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path + ".tmp", bytes);
        File.Move(path + ".tmp", path, overwrite: true);
    }
}

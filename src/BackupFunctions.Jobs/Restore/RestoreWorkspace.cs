using System.Text.Json;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Files;
using BackupFunctions.Jobs.Recovery;
using BackupFunctions.Postgres.Recovery;
using BackupFunctions.Settings;

namespace BackupFunctions.Jobs.Restore;

/// <summary>
/// The folder that the jobs of one recovery share: the dump as it is brought back, what is known of it, and marks of what is complete.
/// It survives the job, so that a job started again goes on where the last one stopped. One job at a time uses it.
/// </summary>
internal sealed class RestoreWorkspace : IDisposable
{
    /// <summary>Characters: names of scratch databases are made of it.</summary>
    private const int LongestId = 53;

    private const string ServerFolder = "server-";

    private readonly WorkspaceLock _lock;
    private readonly string _folder;

    private RestoreWorkspace(string folder, WorkspaceLock held)
    {
        _folder = folder;
        _lock = held;
    }

    /// <summary>What pg_restore reads.</summary>
    public string DumpFolder => Path.Combine(_folder, "dump");

    /// <summary>The decrypted contents object.</summary>
    public string ContentsFile => Path.Combine(_folder, "contents.json");

    /// <summary>Of a server that is recovered to a point, so that the dump is taken from it.</summary>
    public RecoveringFiles Server => new(Path.Combine(_folder, ServerFolder + BootId()));

    /// <summary>Marks count only within the same boot: what was written before a power cut may never have reached the disk.</summary>
    private string MarkFolder => Path.Combine(_folder, $"complete-{BootId()}");

    /// <exception cref="PgdrException">Another job uses it; the id is not one; the work folder cannot be used.</exception>
    public static RestoreWorkspace Open(BackupSettings settings, string restoreId)
    {
        if (restoreId.Length is 0 or > LongestId || !restoreId.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
        {
            throw new PgdrException(ErrorCodes.InvalidSettings, $"'{restoreId}' is not a restore id: use letters, digits and '-' only.");
        }

        var parent = ParentFolder(settings);
        JobFolders.Prepare(parent, "WORK_PATH");
        var folder = Path.Combine(parent, restoreId);
        return WorkspaceLock.TryAcquire(LockOf(folder)) is { } held
            ? new RestoreWorkspace(folder, held)
            : throw new PgdrException(
                ErrorCodes.InvalidSettings, $"Another job works on restore {restoreId} at this moment: wait for its end, or cancel it.");
    }

    public static string ParentFolder(BackupSettings settings) => Path.Combine(settings.WorkPath, "restores");

    public static string LockOf(string folder) => folder + ".lock";

    /// <summary>Makes the folders; what another backup left in them is removed.</summary>
    public void Create(SignedDocument document)
    {
        if (File.Exists(FileOf("manifest.json")) && !File.ReadAllBytes(FileOf("manifest.json")).AsSpan().SequenceEqual(document.Json))
        {
            Directory.Delete(_folder, recursive: true);
        }

        foreach (var folder in new[] { _folder, DumpFolder, MarkFolder })
        {
            Directory.CreateDirectory(folder, JobFolders.OwnerOnly);
        }

        // Kept, so that restore and swap do not depend on storage being reachable.
        Write("manifest.sig", document.Signature);
        Write("manifest.json", document.Json);
    }

    public bool IsComplete(ManifestObject stored) =>
        File.Exists(MarkOf(stored)) && string.Equals(File.ReadAllText(MarkOf(stored)), stored.Sha256, StringComparison.Ordinal);

    public void MarkComplete(ManifestObject stored)
    {
        File.WriteAllText(MarkOf(stored) + ".tmp", stored.Sha256);
        File.Move(MarkOf(stored) + ".tmp", MarkOf(stored), overwrite: true);
    }

    public async Task<BackupContents> ReadContentsAsync(CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(ContentsFile);
        return await ContentsCodec.ReadAsync(file, cancellationToken);
    }

    /// <summary>Of a dump that was made here; before <see cref="MarkDumped"/>.</summary>
    public async Task WriteContentsAsync(BackupContents contents, CancellationToken cancellationToken)
    {
        await using var file = File.Create(ContentsFile);
        await ContentsCodec.WriteAsync(contents, file, cancellationToken);
    }

    /// <summary>The dump was made here and is whole; counts within the same boot, as every mark.</summary>
    public void MarkDumped(FetchBackupResult result) => Write(DumpedMark, JsonSerializer.SerializeToUtf8Bytes(result, ContractJson.Options));

    /// <returns>Null: no dump was made here, or not to its end.</returns>
    public FetchBackupResult? ReadDumped() => File.Exists(FileOf(DumpedMark))
        ? JsonSerializer.Deserialize<FetchBackupResult>(File.ReadAllBytes(FileOf(DumpedMark)), ContractJson.Options)
        : null;

    /// <summary>An empty folder for a dump that is made here.</summary>
    public void BeginDump()
    {
        Directory.Delete(DumpFolder, recursive: true);
        Directory.CreateDirectory(DumpFolder, JobFolders.OwnerOnly);
    }

    /// <summary>Removes the server's files, and those of earlier boots.</summary>
    public void DeleteServer() => DeleteServers(keep: null);

    /// <summary>Makes the server's folder, which the account of a recovered server can reach.</summary>
    /// <exception cref="PgdrException">settings.invalid: it cannot pass the folders above; tool.failed: there is no such account.</exception>
    public async Task OpenToServerAsync(string workPath, CancellationToken cancellationToken)
    {
        DeleteServers(keep: Server.Folder);
        Directory.CreateDirectory(Server.Folder, JobFolders.OwnerOnly);
        foreach (var folder in new[] { workPath, Path.GetDirectoryName(_folder)!, _folder, Server.Folder })
        {
            ServerAccount.LetPass(folder);
        }

        await ServerAccount.RequirePassAsync(Server.Folder, cancellationToken);
    }

    public async Task<FetchedBackup> LoadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var json = await File.ReadAllBytesAsync(FileOf("manifest.json"), cancellationToken);
            return new FetchedBackup(
                JsonSerializer.Deserialize<Manifest>(json, ContractJson.Options)!,
                new SignedDocument(json, await File.ReadAllBytesAsync(FileOf("manifest.sig"), cancellationToken)),
                await ReadContentsAsync(cancellationToken));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new PgdrException(
                ErrorCodes.ObjectAbsent, "The fetched backup is not in the work folder any more: start the recovery again, it will be fetched anew.", e);
        }
    }

    /// <summary>The rows are not needed any more; manifest and contents stay for a swap that is asked for again.</summary>
    public void DeleteDump()
    {
        foreach (var folder in new[] { MarkFolder, DumpFolder }.Where(Directory.Exists))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public void Delete()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }

        File.Delete(LockOf(_folder));
    }

    public void Dispose() => _lock.Dispose();

    private static string DumpedMark => Path.Combine($"complete-{BootId()}", "dumped.json");

    private static string BootId() => File.Exists("/proc/sys/kernel/random/boot_id")
        ? File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()
        : "unknown";

    private void DeleteServers(string? keep)
    {
        foreach (var folder in Directory.GetDirectories(_folder, ServerFolder + "*").Where(folder => !string.Equals(folder, keep, StringComparison.Ordinal)))
        {
            new RecoveringFiles(folder).Delete();
        }
    }

    private string FileOf(string name) => Path.Combine(_folder, name);

    private string MarkOf(ManifestObject stored) => Path.Combine(MarkFolder, stored.Name.Replace('/', '_'));

    private void Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(FileOf(name) + ".tmp", bytes);
        File.Move(FileOf(name) + ".tmp", FileOf(name), overwrite: true);
    }
}

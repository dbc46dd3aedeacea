using System.Globalization;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts;
using BackupFunctions.Jobs.Files;
using BackupFunctions.Jobs.Restore.Physical.Tablespaces;

namespace BackupFunctions.Jobs.Restore.Physical;

/// <summary>
/// The new data directory of a restore. What is known of the restore lies in a folder of its own inside of it, so that a restore that was
/// killed goes on, and no other is taken for it; that folder goes when the directory is whole.
/// </summary>
internal sealed class DataDirectory : IDisposable
{
    /// <summary>Name of the restore's own folder.</summary>
    public const string StateName = ".pgdr-restore";

    private readonly WorkspaceLock _lock;

    private DataDirectory(string path, WorkspaceLock held, bool isDelta, TablespacePlaces tablespaces)
    {
        (Path, _lock, IsDelta, Tablespaces) = (path, held, isDelta, tablespaces);
        Complete = new CompletedObjects(InState($"complete-{BootId()}"));
    }

    public string Path { get; }

    /// <summary>It held a server's files before, of which those that did not change stay.</summary>
    public bool IsDelta { get; }

    /// <summary>Where the files of further tablespaces go.</summary>
    public TablespacePlaces Tablespaces { get; }

    public string ContentsFile => InState("contents.json");

    /// <summary>They count only within the same boot: what was written before a power cut may never have reached the disk.</summary>
    public CompletedObjects Complete { get; }

    private string State => System.IO.Path.Combine(Path, StateName);

    /// <summary>Takes an empty or absent directory, or one where a restore of the same backup was interrupted.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="needed">Bytes that have to be free on its disk for a restore that begins.</param>
    /// <param name="document">The backup's manifest.</param>
    /// <param name="delta">It may hold the files of a server, which the caller has looked at.</param>
    /// <param name="tablespaces">Where further tablespaces go: each is absent or empty, or was begun by the restore that was interrupted; null: there are none.</param>
    /// <exception cref="PgdrException">database.exists: it holds anything else; settings.invalid, disk.full: it cannot be used. Nothing was changed.</exception>
    public static DataDirectory Open(string path, long needed, SignedDocument document, bool delta = false, TablespacePlaces? tablespaces = null)
    {
        tablespaces ??= TablespacePlaces.None;
        path = System.IO.Path.GetFullPath(path);
        try
        {
            var resumed = RefuseForeign(path, document, delta);
            delta &= resumed ? File.Exists(DeltaMarkOf(path)) : HoldsFiles(path);
            RefuseForeignTablespaces(path, resumed, tablespaces);
            if (!resumed && !delta)
            {
                TablespaceDisks.Check(path, needed, tablespaces);
            }

            Directory.CreateDirectory(path, JobFolders.OwnerOnly);
            File.SetUnixFileMode(path, JobFolders.OwnerOnly);
            var state = System.IO.Path.Combine(path, StateName);
            Directory.CreateDirectory(state, JobFolders.OwnerOnly);
            var held = WorkspaceLock.TryAcquire(System.IO.Path.Combine(state, "lock"))
                ?? throw new PgdrException(ErrorCodes.DatabaseExists, $"Another restore works on {path} at this moment: wait for its end, or cancel it.");
            if (delta)
            {
                // Before the manifest: with that alone it would be taken for a restore into a new directory.
                File.WriteAllBytes(DeltaMarkOf(path), []);
            }

            if (!tablespaces.IsEmpty)
            {
                // Before the manifest, with which the locations count as begun.
                File.WriteAllText(TablespacesOf(path), tablespaces.Map);
            }

            File.WriteAllBytes(ManifestOf(path) + ".tmp", document.Json);
            File.Move(ManifestOf(path) + ".tmp", ManifestOf(path), overwrite: true);
            return new DataDirectory(path, held, delta, tablespaces);
        }
        catch (Exception e) when (JobFolders.IsFileFailure(e))
        {
            throw Explain(path, e);
        }
    }

    public static PgdrException Explain(string path, Exception exception)
    {
        var known = JobFolders.Explain(path, "the data directory", exception);
        return known.Code is ErrorCodes.DiskFull
            ? new PgdrException(ErrorCodes.DiskFull, $"The disk of {path} is full: make room and start the restore again, it goes on; or restore into a directory on a larger disk.", exception)
            : new PgdrException(
                ErrorCodes.InvalidSettings, $"The data directory {path} cannot be written ({exception.Message.TrimEnd('.')}): let this account write there, or name another directory.", exception);
    }

    /// <summary>Where a path of the backup belongs; <see cref="BaseContentsCodec"/> has checked it.</summary>
    public string FileOf(string path) => Tablespaces.FileOf(path) ?? System.IO.Path.Combine(Path, path);

    /// <summary>The directory is whole: what is known of the restore goes.</summary>
    public void Finish() => Directory.Delete(State, recursive: true);

    public void Dispose() => _lock.Dispose();

    /// <returns>Whether a restore of the same backup was interrupted here.</returns>
    private static bool RefuseForeign(string path, SignedDocument document, bool delta)
    {
        if (File.Exists(path))
        {
            throw new PgdrException(ErrorCodes.DatabaseExists, $"{path} is a file: name a directory that does not exist yet.");
        }

        if (!HoldsFiles(path) && !File.Exists(ManifestOf(path)))
        {
            return false;
        }

        if (File.Exists(System.IO.Path.Combine(path, "postmaster.pid")))
        {
            throw new PgdrException(ErrorCodes.DatabaseExists, $"{path} is the data directory of a server that runs, or was killed (postmaster.pid): {(delta ? "stop it, and remove that file when no server runs there" : "name a directory that does not exist yet")}.");
        }

        if (File.Exists(DeltaMarkOf(path)) && !delta)
        {
            throw new PgdrException(ErrorCodes.DatabaseExists, $"A delta restore was interrupted in {path}: start it again with --delta, or name another directory.");
        }

        if (!File.Exists(ManifestOf(path)))
        {
            return delta ? false : throw new PgdrException(ErrorCodes.DatabaseExists, $"The directory {path} is not empty: name one that does not exist yet, nothing is ever overwritten.");
        }

        return File.ReadAllBytes(ManifestOf(path)).AsSpan().SequenceEqual(document.Json)
            ? true
            : throw new PgdrException(ErrorCodes.DatabaseExists, $"A restore of another backup was interrupted in {path}: go on with that one (--backup), or name another directory.");
    }

    private static void RefuseForeignTablespaces(string path, bool resumed, TablespacePlaces tablespaces)
    {
        if (!resumed)
        {
            tablespaces.RequireEmpty();
        }
        else if (!tablespaces.IsEmpty && !(File.Exists(TablespacesOf(path)) && string.Equals(File.ReadAllText(TablespacesOf(path)), tablespaces.Map, StringComparison.Ordinal)))
        {
            throw new PgdrException(ErrorCodes.DatabaseExists, $"A restore with other locations of tablespaces was interrupted in {path}: go on with the same --tablespace-map, or name another directory.");
        }
    }

    /// <summary>A restore that was killed at once has left its own folder and nothing else.</summary>
    public static bool HoldsFiles(string path) =>
        Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any(entry => !System.IO.Path.GetFileName(entry).Equals(StateName, StringComparison.Ordinal));

    /// <summary>Whether a restore was begun here and did not end.</summary>
    public static bool IsBegun(string path) => File.Exists(ManifestOf(path));

    /// <exception cref="PgdrException">disk.full</exception>
    public static void CheckDisk(string path, long needed)
    {
        var existing = path;
        while (!Directory.Exists(existing))
        {
            existing = System.IO.Path.GetDirectoryName(existing) ?? "/";
        }

        var free = new DriveInfo(existing).AvailableFreeSpace;
        if (free < needed)
        {
            throw new PgdrException(
                ErrorCodes.DiskFull,
                string.Create(CultureInfo.InvariantCulture, $"The disk of {path} has {free / 1048576:N0} MiB free and the restore needs {needed / 1048576:N0} MiB: make room, or name a directory on a larger disk."));
        }
    }

    private static string DeltaMarkOf(string path) => System.IO.Path.Combine(path, StateName, "delta");

    private static string TablespacesOf(string path) => System.IO.Path.Combine(path, StateName, "tablespaces");

    private static string ManifestOf(string path) => System.IO.Path.Combine(path, StateName, "manifest.json");

    public static string BootId() => File.Exists("/proc/sys/kernel/random/boot_id")
        ? File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()
        : "unknown";

    /// <summary>A path in the restore's own folder.</summary>
    public string InState(string name) => System.IO.Path.Combine(State, name);
}

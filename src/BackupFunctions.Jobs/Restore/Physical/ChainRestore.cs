using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.BaseBackup;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Jobs.Restore.Physical;

/// <summary>
/// A base backup and its incremental ones become one data directory. Each is restored and verified in the restore's own folder inside of
/// the new directory (so that all lie on one file system), pg_combinebackup makes one of them there, and only when that is verified too
/// does it move to its place, the folder of pg_control last.
/// </summary>
internal sealed class ChainRestore
{
    private const string Combined = "combined";
    private const string MovingMark = "moving";

    private readonly JobEnvironment _environment;
    private readonly IReadOnlyList<StoredBase> _chain;
    private readonly PgTools _tools;

    private ChainRestore(JobEnvironment environment, IReadOnlyList<StoredBase> chain, PgTools tools) =>
        (_environment, _chain, _tools) = (environment, chain, tools);

    /// <summary>All inputs, and a result that is as large as all of them: how large it will be nobody knows before.</summary>
    public long NeededBytes => 2 * _chain.Sum(stored => stored.Manifest.PlainSize);

    /// <exception cref="PgdrException">tool.missing</exception>
    public static async Task<ChainRestore> PrepareAsync(JobEnvironment environment, IReadOnlyList<StoredBase> chain, PgTools tools, CancellationToken cancellationToken) =>
        new(environment, chain, await tools.RequireAsync(PgTools.PgCombineBackupName, cancellationToken));

    /// <returns>Bytes of ciphertext that an earlier run had already brought.</returns>
    public async Task<long> RunAsync(DataDirectory directory, CancellationToken cancellationToken)
    {
        long reused = 0;
        if (!File.Exists(directory.InState(MovingMark)))
        {
            foreach (var stored in _chain)
            {
                reused += await RestoreAsync(stored, directory, cancellationToken);
            }

            await CombineAsync(directory, cancellationToken);
            FileSystemFlush.Run(Path.Combine(directory.InState(Combined), BasePaths.ControlFile));
            await File.WriteAllBytesAsync(directory.InState(MovingMark), [], cancellationToken);
        }

        Move(directory);
        return reused;
    }

    private async Task<long> RestoreAsync(StoredBase stored, DataDirectory directory, CancellationToken cancellationToken)
    {
        var path = InputOf(stored, directory);

        var mark = MarkOf(stored, directory);
        if (File.Exists(mark))
        {
            _environment.Reporter.AddBytes(stored.Manifest.StoredSize);
            return stored.Manifest.StoredSize;
        }

        if (Directory.Exists(path) && !Directory.Exists(Path.Combine(path, DataDirectory.StateName)))
        {
            // Complete once, but before a power cut.
            Directory.Delete(path, recursive: true);
        }

        using var input = DataDirectory.Open(path, stored.Manifest.PlainSize, stored.Document);
        var reused = await stored.RestoreAsync(_tools, input, cancellationToken);
        File.Copy(input.ContentsFile, ContentsOf(stored, directory), overwrite: true);
        await File.WriteAllBytesAsync(mark, [], cancellationToken);
        return reused;
    }

    private async Task CombineAsync(DataDirectory directory, CancellationToken cancellationToken)
    {
        _environment.Reporter.Phase("combine");
        var output = directory.InState(Combined);
        if (Directory.Exists(output))
        {
            Directory.Delete(output, recursive: true);
        }

        var inputs = _chain.Select(stored => InputOf(stored, directory)).ToList();
        foreach (var state in inputs.Select(input => Path.Combine(input, DataDirectory.StateName)).Where(Directory.Exists))
        {
            Directory.Delete(state, recursive: true);
        }

        try
        {
            await BackupCombiner.RunAsync(_tools, inputs, output, cancellationToken);
            _environment.Reporter.Phase("verify");
            await BackupVerifier.RunAsync(_tools, output, [DataDirectory.StateName], cancellationToken);
        }
        catch (PgdrException e) when (e.Code is ErrorCodes.VerificationFailed)
        {
            // The next run fetches all of it anew.
            _chain.ToList().ForEach(stored => File.Delete(MarkOf(stored, directory)));
            throw;
        }

        await using var file = File.OpenRead(ContentsOf(_chain[^1], directory));
        SetModes(output, await BaseContentsCodec.ReadAsync(file, cancellationToken));
    }

    /// <summary>pg_combinebackup gives every file the same mode.</summary>
    private static void SetModes(string output, BaseContents contents)
    {
        foreach (var entry in contents.Files.Concat(contents.Directories))
        {
            var path = Path.Combine(output, entry.Path);
            if (File.Exists(path) || Directory.Exists(path))
            {
                File.SetUnixFileMode(path, UnixModes.Parse(entry.Mode));
            }
        }
    }

    /// <summary>By renaming, which a crash cannot leave half done.</summary>
    private static void Move(DataDirectory directory)
    {
        var folder = Path.GetDirectoryName(BasePaths.ControlFile)!;
        foreach (var entry in Directory.GetFileSystemEntries(directory.InState(Combined)).OrderBy(entry => Path.GetFileName(entry).Equals(folder, StringComparison.Ordinal)))
        {
            Directory.Move(entry, directory.FileOf(Path.GetFileName(entry)));
        }
    }

    /// <summary>The input is complete; it counts only within the same boot: what was written before a power cut may never have reached the disk.</summary>
    private static string MarkOf(StoredBase stored, DataDirectory directory) => directory.InState($"{stored.Manifest.BackupId}-{DataDirectory.BootId()}");

    private static string InputOf(StoredBase stored, DataDirectory directory) => directory.InState(stored.Manifest.BackupId);

    private static string ContentsOf(StoredBase stored, DataDirectory directory) => directory.InState($"{stored.Manifest.BackupId}.contents.json");
}

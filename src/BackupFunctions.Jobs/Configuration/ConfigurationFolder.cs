using System.Formats.Tar;
using BackupFunctions.Contracts;
using BackupFunctions.Jobs.Files;
using BackupFunctions.Postgres.Configuration;

namespace BackupFunctions.Jobs.Configuration;

/// <summary>A configuration as files in a new folder, for this account only.</summary>
public sealed class ConfigurationFolder : IConfigurationSink
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder;
    private readonly List<string> _missing = [];

    /// <param name="folder">New or empty.</param>
    /// <exception cref="PgdrException">settings.invalid: it has something in it, or cannot be made.</exception>
    public ConfigurationFolder(string folder)
    {
        _folder = Path.GetFullPath(folder);
        try
        {
            Directory.CreateDirectory(_folder, JobFolders.OwnerOnly);
            if (Directory.EnumerateFileSystemEntries(_folder).Any())
            {
                throw new PgdrException(ErrorCodes.InvalidSettings, $"The folder {_folder} is not empty: name one that is new.");
            }
        }
        catch (Exception e) when (JobFolders.IsFileFailure(e))
        {
            throw new PgdrException(ErrorCodes.InvalidSettings, $"The folder {_folder} cannot be made ({e.Message.TrimEnd('.')}): name another.", e);
        }
    }

    public IReadOnlyList<string> NotRead => _missing;

    public void Missing(string sentence) => _missing.Add(sentence);

    public async Task AddAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await using var file = Create(path);
        await file.WriteAsync(content, cancellationToken);
    }

    /// <summary>Files only, and none of them outside of the folder, whatever the tar says.</summary>
    internal async Task<int> ExtractAsync(Stream tar, CancellationToken cancellationToken)
    {
        var files = 0;
        await using var reader = new TarReader(tar, leaveOpen: true);
        while (await reader.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
            {
                throw Damaged();
            }

            await using var file = Create(entry.Name);
            if (entry.DataStream is { } data)
            {
                await data.CopyToAsync(file, cancellationToken);
            }

            files++;
        }

        return files;
    }

    private FileStream Create(string path)
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal) || path.Split('/').Any(static part => part is "" or "." or ".."))
        {
            throw Damaged();
        }

        var full = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!, JobFolders.OwnerOnly);
        return new FileStream(full, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
    }

    private static PgdrException Damaged() => new(
        ErrorCodes.ObjectDamaged, "The tar of this configuration names something else than files within it: use another backup.");
}

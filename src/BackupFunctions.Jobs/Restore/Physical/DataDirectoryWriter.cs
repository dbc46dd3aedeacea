using System.Buffers;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Packing;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Restore.Physical.Delta;

namespace BackupFunctions.Jobs.Restore.Physical;

/// <summary>Puts parts of a base backup where they were. Writing the same part again gives the same bytes.</summary>
internal sealed class DataDirectoryWriter
{
    private const int BlockSize = 256 * 1024;

    private readonly DataDirectory _directory;
    private readonly BaseContents _contents;
    private readonly DirectoryDelta? _delta;
    private readonly UnixFileMode _commonMode;

    /// <param name="directory">Where to.</param>
    /// <param name="contents">Of the backup.</param>
    /// <param name="delta">Files that stay as they are; null: the directory is new.</param>
    public DataDirectoryWriter(DataDirectory directory, BaseContents contents, DirectoryDelta? delta)
    {
        _delta = delta;
        _directory = directory;
        _contents = contents;
        _commonMode = UnixModes.Parse(contents.FileMode);
    }

    /// <summary>Makes the directories, and all that an earlier run may have left writable.</summary>
    public void Prepare()
    {
        foreach (var path in _contents.Directories.Select(entry => _directory.FileOf(entry.Path)))
        {
            Directory.CreateDirectory(path);
            File.SetUnixFileMode(path, Files.JobFolders.OwnerOnly);
        }

        _directory.Tablespaces.Write(_directory.Path);
        foreach (var path in _contents.Files.Select(entry => entry.Path).Concat(_delta?.Unchanged ?? []).Select(_directory.FileOf).Where(File.Exists))
        {
            File.SetUnixFileMode(path, _commonMode);
        }
    }

    /// <summary>When all is written: what nobody may write to could not be filled.</summary>
    public void SetModes()
    {
        foreach (var entry in _contents.Files.Concat(_contents.Directories))
        {
            File.SetUnixFileMode(_directory.FileOf(entry.Path), UnixModes.Parse(entry.Mode));
        }
    }

    public Task WriteAsync(ArchivePart part, Stream plain, CancellationToken cancellationToken) => part.Layout switch
    {
        ArchivePart.Tar => TarPackReader.ExtractNestedAsync(plain, TarPackLimits.Default, path => _delta?.IsUnchanged(path) == true ? Stream.Null : Truncate(path), cancellationToken),
        ArchivePart.Slice => WriteSliceAsync(part, plain, cancellationToken),
        _ => throw new PgdrException(ErrorCodes.FormatUnknown, $"Layout '{part.Layout}' of {part.ObjectName} is not known: use a newer pgdr."),
    };

    public async Task WriteFileAsync(string path, Stream plain, CancellationToken cancellationToken)
    {
        await using var file = Truncate(path);
        await plain.CopyToAsync(file, cancellationToken);
    }

    private async Task WriteSliceAsync(ArchivePart part, Stream plain, CancellationToken cancellationToken)
    {
        await using var file = Open(part.Path!, FileMode.OpenOrCreate);
        var block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            long written = 0;
            int read;
            while ((read = await plain.ReadAtLeastAsync(block.AsMemory(0, BlockSize), BlockSize, throwOnEndOfStream: false, cancellationToken)) > 0)
            {
                if (written + read > part.PlainSize)
                {
                    throw new PgdrException(ErrorCodes.ObjectDamaged, $"{part.ObjectName} holds more bytes than the backup's contents say: use another backup.");
                }

                await RandomAccess.WriteAsync(file.SafeFileHandle, block.AsMemory(0, read), part.Offset + written, cancellationToken);
                written += read;
            }

            if (written != part.PlainSize)
            {
                throw new PgdrException(ErrorCodes.ObjectDamaged, $"{part.ObjectName} holds {written} bytes where the backup's contents say {part.PlainSize}: use another backup.");
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    private FileStream Truncate(string path) => Open(path, FileMode.Create);

    private FileStream Open(string path, FileMode mode)
    {
        var file = new FileStream(_directory.FileOf(path), new FileStreamOptions
        {
            Mode = mode,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite,
            BufferSize = 0,
            UnixCreateMode = _commonMode,
        });
        try
        {
            // The account's umask may have taken some away.
            File.SetUnixFileMode(file.SafeFileHandle, _commonMode);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}

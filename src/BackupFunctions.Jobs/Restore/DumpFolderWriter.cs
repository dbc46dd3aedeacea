using System.Buffers;
using BackupFunctions.Archive.Packing;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Jobs.Restore;

/// <summary>Puts parts back where they were in the dump folder. Writing the same part again gives the same bytes.</summary>
internal sealed class DumpFolderWriter
{
    private const int BlockSize = 256 * 1024;

    private readonly string _folder;

    public DumpFolderWriter(string folder) => _folder = folder;

    public Task WriteAsync(ArchivePart part, Stream plain, CancellationToken cancellationToken) => part.Layout switch
    {
        ArchivePart.Tar => ExtractAsync(part, plain, cancellationToken),
        ArchivePart.Slice => WriteSliceAsync(part, plain, cancellationToken),
        _ => throw new PgdrException(ErrorCodes.FormatUnknown, $"Layout '{part.Layout}' of {part.ObjectName} is not known: use a newer pgdr."),
    };

    /// <summary>Every sliced file must be as long as its slices say.</summary>
    public void CheckComplete(IReadOnlyList<ArchivePart> parts)
    {
        foreach (var file in parts.Where(part => part.Path is not null).GroupBy(part => part.Path!, StringComparer.Ordinal))
        {
            var expected = file.Sum(part => part.PlainSize);
            var info = new FileInfo(Path.Combine(_folder, file.Key));
            if (!info.Exists || info.Length != expected)
            {
                throw new PgdrException(
                    ErrorCodes.ObjectDamaged, $"The fetched file {file.Key} has {(info.Exists ? info.Length : 0)} of {expected} bytes: the work folder was changed meanwhile; start the step again.");
            }
        }
    }

    /// <summary>Extracted aside and moved, because an earlier run may have left some of these files.</summary>
    private async Task ExtractAsync(ArchivePart part, Stream plain, CancellationToken cancellationToken)
    {
        var aside = Directory.CreateDirectory($"{_folder}.{part.ObjectName.Replace('/', '_')}").FullName;
        Directory.Delete(aside, recursive: true);
        Directory.CreateDirectory(aside);
        foreach (var name in await TarPackReader.ExtractAsync(plain, aside, TarPackLimits.Default, cancellationToken))
        {
            File.Move(Path.Combine(aside, name), Path.Combine(_folder, name), overwrite: true);
        }

        Directory.Delete(aside, recursive: true);
    }

    private async Task WriteSliceAsync(ArchivePart part, Stream plain, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(
            Path.Combine(_folder, part.Path!), FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, FileOptions.Asynchronous);
        var block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            long written = 0;
            int read;
            while ((read = await plain.ReadAsync(block.AsMemory(0, BlockSize), cancellationToken)) > 0)
            {
                if (written + read > part.PlainSize)
                {
                    throw new PgdrException(ErrorCodes.ObjectDamaged, $"{part.ObjectName} holds more bytes than the backup's contents say.");
                }

                await RandomAccess.WriteAsync(file, block.AsMemory(0, read), part.Offset + written, cancellationToken);
                written += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }
}

using System.Formats.Tar;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Streams;

namespace BackupFunctions.Archive.Packing;

/// <summary>Extracts what <see cref="TarPackWriter"/> wrote, and nothing that it would not write.</summary>
public static class TarPackReader
{
    /// <param name="plain">Read to its end, so that all of it is authenticated; stays open.</param>
    /// <param name="folder">Exists. Files are new in it (mode 0600); after a failure those written so far remain.</param>
    /// <param name="limits">Checked before a file is written.</param>
    /// <returns>Names of the files, in order.</returns>
    /// <exception cref="ArchiveException">object.damaged: not a tar, an entry that is not a plain new file, or a limit is passed.</exception>
    public static async Task<IReadOnlyList<string>> ExtractAsync(
        Stream plain, string folder, TarPackLimits limits, CancellationToken cancellationToken)
    {
        try
        {
            var names = await ExtractEntriesAsync(plain, folder, limits, cancellationToken);
            await RequireZerosAsync(plain, cancellationToken);
            return names;
        }
        catch (Exception invalid) when (invalid is InvalidDataException or EndOfStreamException or FormatException or NotSupportedException)
        {
            throw ArchiveException.Damaged("A pack of files is not a readable tar archive: use another copy.", invalid);
        }
    }

    private static async Task<List<string>> ExtractEntriesAsync(
        Stream plain, string folder, TarPackLimits limits, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        long bytes = 0;
        await using var tar = new TarReader(plain, leaveOpen: true);
        while (await tar.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            bytes += entry.Length;
            var problem = entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) ? "an entry that is not a regular file"
                : !DumpPaths.IsPlainName(entry.Name) ? "a name that is not plain"
                : !seen.Add(entry.Name) ? "the same name twice"
                : names.Count >= limits.MaxEntries ? $"more than {limits.MaxEntries} files"
                : bytes > limits.MaxBytes ? $"more than {limits.MaxBytes} bytes"
                : null;
            if (problem is not null)
            {
                throw ArchiveException.Damaged($"A pack of files holds {problem}, which no backup writes: do not use it.");
            }

            await WriteFileAsync(entry, Path.Combine(folder, entry.Name), cancellationToken);
            names.Add(entry.Name);
        }

        return names;
    }

    private static async Task WriteFileAsync(TarEntry entry, string path, CancellationToken cancellationToken)
    {
        await using var file = NewFile.Create(path, isPrivate: true);
        if (entry.DataStream is { } data)
        {
            await data.CopyToAsync(file, cancellationToken);
        }
    }

    /// <summary>A tar ends with blocks of zeros, and its reader stops at the first of them.</summary>
    private static async Task RequireZerosAsync(Stream plain, CancellationToken cancellationToken)
    {
        var buffer = new byte[4096];
        int count;
        while ((count = await plain.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (buffer.AsSpan(0, count).ContainsAnyExcept((byte)0))
            {
                throw new InvalidDataException("bytes follow the archive");
            }
        }
    }
}

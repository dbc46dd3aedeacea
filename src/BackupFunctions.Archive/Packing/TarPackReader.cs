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
    public static Task<IReadOnlyList<string>> ExtractAsync(
        Stream plain, string folder, TarPackLimits limits, CancellationToken cancellationToken) =>
        ReadAsync(
            plain,
            limits,
            DumpPaths.IsPlainName,
            // File systems of some targets take names that differ in case only for the same.
            StringComparer.OrdinalIgnoreCase,
            name => NewFile.Create(Path.Combine(folder, name), isPrivate: true),
            cancellationToken);

    /// <summary>The same for paths below a folder, as <see cref="DumpPaths"/> allows them.</summary>
    /// <param name="plain">Read to its end, so that all of it is authenticated; stays open.</param>
    /// <param name="limits">Checked before a file is opened.</param>
    /// <param name="open">Opens the file of a path for writing; disposed here.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <inheritdoc cref="ExtractAsync" path="//returns | //exception"/>
    public static Task<IReadOnlyList<string>> ExtractNestedAsync(
        Stream plain, TarPackLimits limits, Func<string, Stream> open, CancellationToken cancellationToken) =>
        ReadAsync(plain, limits, DumpPaths.IsValid, StringComparer.Ordinal, open, cancellationToken);

    private static async Task<IReadOnlyList<string>> ReadAsync(
        Stream plain,
        TarPackLimits limits,
        Func<string?, bool> isName,
        StringComparer same,
        Func<string, Stream> open,
        CancellationToken cancellationToken)
    {
        try
        {
            var names = await ReadEntriesAsync(plain, limits, isName, same, open, cancellationToken);
            await RequireZerosAsync(plain, cancellationToken);
            return names;
        }
        catch (Exception invalid) when (invalid is InvalidDataException or EndOfStreamException or FormatException or NotSupportedException)
        {
            throw ArchiveException.Damaged("A pack of files is not a readable tar archive: use another copy.", invalid);
        }
    }

    private static async Task<List<string>> ReadEntriesAsync(
        Stream plain,
        TarPackLimits limits,
        Func<string?, bool> isName,
        StringComparer same,
        Func<string, Stream> open,
        CancellationToken cancellationToken)
    {
        var names = new List<string>();
        var seen = new HashSet<string>(same);
        long bytes = 0;
        await using var tar = new TarReader(plain, leaveOpen: true);
        while (await tar.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            bytes += entry.Length;
            var problem = entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) ? "an entry that is not a regular file"
                : !isName(entry.Name) ? "a name that is not plain"
                : !seen.Add(entry.Name) ? "the same name twice"
                : names.Count >= limits.MaxEntries ? $"more than {limits.MaxEntries} files"
                : bytes > limits.MaxBytes ? $"more than {limits.MaxBytes} bytes"
                : null;
            if (problem is not null)
            {
                throw ArchiveException.Damaged($"A pack of files holds {problem}, which no backup writes: do not use it.");
            }

            await WriteFileAsync(entry, open, cancellationToken);
            names.Add(entry.Name);
        }

        return names;
    }

    private static async Task WriteFileAsync(TarEntry entry, Func<string, Stream> open, CancellationToken cancellationToken)
    {
        await using var file = open(entry.Name);
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

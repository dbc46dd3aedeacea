using System.Formats.Tar;
using BackupFunctions.Archive.Manifests;

namespace BackupFunctions.Archive.Packing;

/// <summary>Several small files as one tar stream (ustar), the same bytes for the same files.</summary>
/// <param name="destination">Stays open; for example <see cref="Writing.ArchiveObjectWriter.AsStream"/>.</param>
/// <param name="nested">Names may be paths below the folder, as <see cref="DumpPaths"/> allows them.</param>
public sealed class TarPackWriter(Stream destination, bool nested = false) : IAsyncDisposable
{
    private const int LongestName = 100;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TarWriter _tar = new(destination, TarEntryFormat.Ustar, leaveOpen: true);

    /// <summary>Whether a path below the folder can be a name in a nested pack.</summary>
    public static bool IsNestedName(string path) => DumpPaths.IsValid(path) && IsShortAscii(path);

    /// <param name="name">A plain name, or a path, of at most 100 ASCII characters.</param>
    /// <param name="content">Seekable: its length stands before its bytes.</param>
    /// <exception cref="ArgumentException">The name is not plain.</exception>
    public async Task AddAsync(string name, Stream content, CancellationToken cancellationToken)
    {
        if (!(nested ? DumpPaths.IsValid(name) : DumpPaths.IsPlainName(name)) || !IsShortAscii(name))
        {
            throw new ArgumentException("A packed file needs a plain ASCII name of at most 100 characters.", nameof(name));
        }

        var entry = new UstarTarEntry(TarEntryType.RegularFile, name)
        {
            DataStream = content,
            Mode = OwnerOnly,
            ModificationTime = DateTimeOffset.UnixEpoch,
        };
        await _tar.WriteEntryAsync(entry, cancellationToken);
    }

    /// <summary>Writes the end of the archive.</summary>
    public ValueTask DisposeAsync() => _tar.DisposeAsync();

    private static bool IsShortAscii(string name) => name.Length <= LongestName && System.Text.Ascii.IsValid(name);
}

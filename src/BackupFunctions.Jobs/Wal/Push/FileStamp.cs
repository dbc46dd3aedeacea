using System.Globalization;

namespace BackupFunctions.Jobs.Wal.Push;

/// <summary>Size and time of a file, by which a later call knows that it is still the one that was archived.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="ModifiedAt">UTC, to 100 ns.</param>
internal sealed record FileStamp(long Size, DateTime ModifiedAt)
{
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static FileStamp Of(string path)
    {
        var file = new FileInfo(path);
        return new FileStamp(file.Length, file.LastWriteTimeUtc);
    }

    /// <summary>As <c>stat -c '%s %.7Y'</c> prints it: pgdr-wal-push compares this line.</summary>
    public override string ToString()
    {
        var ticks = (ModifiedAt - DateTime.UnixEpoch).Ticks;
        return string.Create(CultureInfo.InvariantCulture, $"{Size} {ticks / TimeSpan.TicksPerSecond}.{ticks % TimeSpan.TicksPerSecond:D7}");
    }
}

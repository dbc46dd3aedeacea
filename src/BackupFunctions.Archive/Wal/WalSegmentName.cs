using System.Buffers;
using System.Globalization;

namespace BackupFunctions.Archive.Wal;

/// <summary>
/// PostgreSQL's names of segment and history files: timeline, log file and segment as eight hexadecimal digits each
/// (xlog_internal.h: XLogFileName, TLHistoryFileName).
/// </summary>
public static class WalSegmentName
{
    /// <summary>Bytes of a "log file", whose number is the second part of a name.</summary>
    private const ulong LogFileSize = 1UL << 32;

    private const string History = ".history";
    private const string BackupHistory = ".backup";

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789ABCDEF");

    /// <param name="timeline">From 1.</param>
    /// <param name="lsn">Any position in the segment, bytes.</param>
    /// <param name="segmentSize">Bytes; a power of two from 1 MiB to 1 GiB.</param>
    /// <returns>For example 0000000100000000000000A1.</returns>
    public static string Of(int timeline, ulong lsn, int segmentSize)
    {
        RequireSize(segmentSize);
        var segment = lsn / (ulong)segmentSize;
        var perFile = LogFileSize / (ulong)segmentSize;
        return string.Create(CultureInfo.InvariantCulture, $"{timeline:X8}{segment / perFile:X8}{segment % perFile:X8}");
    }

    /// <returns>For example 00000002.history.</returns>
    public static string HistoryOf(int timeline) => string.Create(CultureInfo.InvariantCulture, $"{timeline:X8}.history");

    public static bool IsValid(string? name) => IsSegment(name);

    public static bool IsHistory(string? name) => name is { Length: 16 } && IsTimeline(name.AsSpan(0, 8)) && name.EndsWith(History, StringComparison.Ordinal);

    /// <summary>A segment's name, an offset as eight hexadecimal digits, .backup (xlog_internal.h: BackupHistoryFileName).</summary>
    public static bool IsBackupHistory(string? name) => name is { Length: 40 }
        && IsSegment(name.AsSpan(0, 24)) && name[24] == '.' && IsHexadecimal(name.AsSpan(25, 8)) && name.EndsWith(BackupHistory, StringComparison.Ordinal);

    /// <param name="name">Of a segment or of a history file.</param>
    /// <returns>From 1.</returns>
    public static int TimelineOf(string name) => int.Parse(name.AsSpan(0, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    /// <returns>The segment's first byte.</returns>
    /// <exception cref="ArgumentException">No segment of this size has that name.</exception>
    public static ulong StartOf(string name, int segmentSize) => TryStartOf(name, segmentSize, out var start)
        ? start
        : throw new ArgumentException("Not the name of a segment of this size.", nameof(name));

    /// <summary>For names that anybody may have written.</summary>
    public static bool TryStartOf(string name, int segmentSize, out ulong start)
    {
        RequireSize(segmentSize);
        start = 0;
        if (!IsValid(name) || Part(name, 16) is var segment && segment >= LogFileSize / (ulong)segmentSize)
        {
            return false;
        }

        start = (Part(name, 8) * LogFileSize) + (segment * (ulong)segmentSize);
        return true;
    }

    private static ulong Part(string name, int at) => ulong.Parse(name.AsSpan(at, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static void RequireSize(int segmentSize)
    {
        if (segmentSize is < 1 << 20 or > 1 << 30 || !int.IsPow2(segmentSize))
        {
            throw new ArgumentOutOfRangeException(nameof(segmentSize), segmentSize, "A power of two from 1 MiB to 1 GiB.");
        }
    }

    private static bool IsSegment(ReadOnlySpan<char> name) => name.Length == 24 && IsTimeline(name[..8]) && IsHexadecimal(name[8..]);

    /// <summary>Timelines are positive numbers of 32 bits with a sign.</summary>
    private static bool IsTimeline(ReadOnlySpan<char> digits) => IsHexadecimal(digits) && digits[0] <= '7' && digits is not "00000000";

    private static bool IsHexadecimal(ReadOnlySpan<char> digits) => !digits.ContainsAnyExcept(Hexadecimal);
}

using System.Globalization;

namespace BackupFunctions.Http;

/// <summary>Times of requests: ISO 8601 with the offset from UTC, such as 2026-11-21T14:05:00Z.</summary>
internal static class OffsetTime
{
    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>Without an offset it would be taken for the host's own time, which nobody may know.</summary>
    /// <returns>In UTC; null when it is none.</returns>
    public static DateTimeOffset? Parse(string text) =>
        (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > text.IndexOf('T', StringComparison.Ordinal))
        && DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time.ToUniversalTime()
            : null;
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace BackupFunctions.Jobs.Wal.Upkeep;

/// <summary>
/// Which objects of a server's log one run reads: a tenth of them, 64 at most, drawn. The draw is the same all hour long, so that two hosts
/// or a repeated run do the same, and another in the next.
/// </summary>
internal static class LogSample
{
    public const int Most = 64;

    private const int Share = 10;

    /// <param name="objects">Every object of the server.</param>
    /// <param name="now">The time.</param>
    /// <param name="all">All of them in place of a sample.</param>
    public static IReadOnlyList<LogObject> Choose(IReadOnlyCollection<LogObject> objects, DateTimeOffset now, bool all)
    {
        if (all)
        {
            return [.. objects];
        }

        var size = Math.Min(Most, (objects.Count + Share - 1) / Share);
        var hour = HourOf(now);

        // The largest draw leaves first: of hundreds of thousands, no more than the sample is kept.
        var drawn = new PriorityQueue<LogObject, ulong>(Comparer<ulong>.Create((left, right) => right.CompareTo(left)));
        foreach (var item in objects)
        {
            drawn.Enqueue(item, Draw(hour, item.Key));
            if (drawn.Count > size)
            {
                drawn.Dequeue();
            }
        }

        return [.. drawn.UnorderedItems.Select(item => item.Element).OrderBy(item => item.Key, StringComparer.Ordinal)];
    }

    /// <summary>All of them, in the order of this hour's draw.</summary>
    public static IEnumerable<LogObject> Shuffle(IReadOnlyCollection<LogObject> objects, DateTimeOffset now)
    {
        var hour = HourOf(now);
        return objects.OrderBy(item => Draw(hour, item.Key));
    }

    private static string HourOf(DateTimeOffset now) => now.UtcDateTime.ToString("yyyyMMddHH", CultureInfo.InvariantCulture);

    private static ulong Draw(string hour, string key) => BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes($"{hour}/{key}")));
}

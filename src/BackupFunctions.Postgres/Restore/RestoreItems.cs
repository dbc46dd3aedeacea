using System.Globalization;

namespace BackupFunctions.Postgres.Restore;

/// <summary>
/// Progress from what <c>pg_restore --verbose --jobs</c> prints: <c>processing item 3444 TABLE DATA orders</c> in its serial phase,
/// <c>finished item ...</c> in the parallel one, where <c>processing</c> lines only come before the first <c>launching</c>.
/// </summary>
internal sealed class RestoreItems(int total, IProgress<RestoreProgress>? progress)
{
    private readonly HashSet<int> _done = [];

    public void Take(string line)
    {
        if (progress is null || Item(line) is not { } item)
        {
            return;
        }

        var number = item.IndexOf(' ', StringComparison.Ordinal);
        if (number > 0 && int.TryParse(item.AsSpan(0, number), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && _done.Add(id))
        {
            progress.Report(new RestoreProgress(Math.Min(_done.Count, total), total, item[(number + 1)..]));
        }
    }

    private static string? Item(string line) => After(line, "finished item ") ?? After(line, "processing item ");

    private static string? After(string line, string words)
    {
        var at = line.IndexOf(words, StringComparison.Ordinal);
        return at < 0 ? null : line[(at + words.Length)..];
    }
}

namespace BackupFunctions.EmbeddedHost.Settings;

/// <summary>Which known key a slip was meant for.</summary>
internal static class NearestKey
{
    /// <returns>Null when none is near: at most a third of the letters may differ.</returns>
    public static string? Find(string slip, IEnumerable<string> known) =>
        known
            .Select(key => (Key: key, Distance: Distance(slip.ToUpperInvariant(), key.ToUpperInvariant())))
            .Where(candidate => candidate.Distance <= Math.Max(1, Math.Min(slip.Length, candidate.Key.Length) / 3))
            .OrderBy(candidate => candidate.Distance)
            .ThenBy(candidate => candidate.Key, StringComparer.Ordinal)
            .Select(candidate => candidate.Key)
            .FirstOrDefault();

    /// <summary>Levenshtein distance, one row at a time.</summary>
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            (var diagonal, row[0]) = (row[0], i);
            for (var j = 1; j <= other.Length; j++)
            {
                var substituted = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }
}

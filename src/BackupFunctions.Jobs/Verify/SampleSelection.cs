using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace BackupFunctions.Jobs.Verify;

/// <summary>
/// Which backups one run looks at: a tenth of them, ten at most; those first that were not looked at for the longest time. What was looked
/// at within a day is drawn, the same draw all hour long, so that two hosts or a repeated run do the same.
/// </summary>
internal static class SampleSelection
{
    /// <summary>Within this time a good copy is not stated anew, and a backup is drawn in place of sorted.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromDays(1);

    private const int Share = 10;
    private const int Most = 10;

    /// <param name="candidates">All backups.</param>
    /// <param name="now">The time.</param>
    /// <param name="withIncomplete">Also up to ten that are known to lack a copy.</param>
    public static IReadOnlyList<string> Choose(IReadOnlyList<Candidate> candidates, DateTimeOffset now, bool withIncomplete)
    {
        var hour = now.UtcDateTime.ToString("yyyyMMddHH", CultureInfo.InvariantCulture);
        var size = Math.Min(Most, (candidates.Count + Share - 1) / Share);
        var sample = candidates
            .OrderBy(candidate => IsFresh(candidate, now) ? DateTimeOffset.MaxValue : candidate.CheckedAt ?? DateTimeOffset.MinValue)
            .ThenBy(candidate => Draw(candidate, hour), StringComparer.Ordinal)
            .Take(size);
        var incomplete = candidates.Where(candidate => withIncomplete && candidate.Incomplete)
            .OrderBy(candidate => Draw(candidate, hour), StringComparer.Ordinal)
            .Take(Most);
        return [.. incomplete.Concat(sample).Select(candidate => candidate.BackupId).Distinct(StringComparer.Ordinal)];
    }

    private static bool IsFresh(Candidate candidate, DateTimeOffset now) => candidate.CheckedAt is { } at && now - at < Fresh;

    private static string Draw(Candidate candidate, string hour) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"{hour}/{candidate.BackupId}")));
}

using BackupFunctions.Catalog;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Retention.Policies;

namespace BackupFunctions.Jobs.Verify;

/// <summary>Which of the targets should hold a copy of a backup.</summary>
internal static class ExpectedCopies
{
    /// <summary>A job that has just written the manifest may still read back, or take the backup away again.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromHours(1);

    /// <summary>Facts of all targets of the settings, without copies that retention has taken.</summary>
    public static IReadOnlyList<CopyFacts> Of(StoredManifest stored, IEnumerable<string> targets, IEnumerable<Statement> statements, RetentionPolicy policy, DateTimeOffset now) =>
    [
        .. BackupFacts.Of(stored.Document.Sha256, targets, statements).Copies.Where(copy =>
            !copy.IsGone && (stored.Targets.Contains(copy.Target, StringComparer.Ordinal) || copy.CheckedAt is not null || IsWanted(stored.Manifest, copy.Target, policy, now))),
    ];

    public static bool IsSettled(StoredManifest stored, IEnumerable<Statement> statements, DateTimeOffset now) =>
        now - stored.Manifest.FinishedAt > Settling
        || statements.Any(statement => statement.Kind == StatementKind.Verified && string.Equals(statement.ManifestSha256, stored.Document.Sha256, StringComparison.Ordinal));

    /// <summary>A target that never had a copy needs none that retention would let go at once.</summary>
    private static bool IsWanted(Manifest manifest, string target, RetentionPolicy policy, DateTimeOffset now) => policy.Kind switch
    {
        PolicyKind.Age => IsYounger(manifest, policy.DaysByTarget.GetValueOrDefault(target, policy.Days), now),
        PolicyKind.Flat => IsYounger(manifest, policy.Days, now),
        _ => true,
    };

    private static bool IsYounger(Manifest manifest, int days, DateTimeOffset now) => manifest.SnapshotAt.AddDays(days) > now;
}

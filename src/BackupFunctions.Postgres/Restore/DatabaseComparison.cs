using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Servers;

namespace BackupFunctions.Postgres.Restore;

/// <summary>Compares a restored database with what its backup recorded: every table, large objects, sequences.</summary>
public static class DatabaseComparison
{
    private const int Shown = 3;

    /// <param name="parallelism">Connections that read tables side by side.</param>
    /// <exception cref="PgdrException">verification.failed naming the first differences with expected and found.</exception>
    public static async Task<ComparisonOutcome> CompareAsync(
        ServerConnection server,
        string scratch,
        IReadOnlyList<TableDigest> tables,
        LargeObjectDigest largeObjects,
        IReadOnlyList<SequenceValue> sequences,
        int parallelism,
        IProgress<ComparisonProgress>? progress,
        CancellationToken cancellationToken)
    {
        var run = new ComparisonRun(server, scratch, tables, progress);
        List<string> differences =
        [
            .. await run.TablesAsync(parallelism, cancellationToken),
            .. await run.LargeObjectsAsync(largeObjects, cancellationToken),
            .. await run.SequencesAsync(sequences, cancellationToken),
        ];
        if (differences.Count > 0)
        {
            var more = differences.Count > Shown ? $"; and {differences.Count - Shown} more" : "";
            throw new PgdrException(
                ErrorCodes.VerificationFailed,
                $"The restored database {Sql.Identifier(scratch)} on server {server.Endpoint} differs from its backup: "
                + $"{string.Join("; ", differences.Take(Shown))}{more}; restore again or choose another backup.");
        }

        return new ComparisonOutcome(tables.Count, tables.Sum(static table => table.Rows), largeObjects.Count, sequences.Count);
    }
}

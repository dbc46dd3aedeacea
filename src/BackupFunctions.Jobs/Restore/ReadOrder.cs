using System.Globalization;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Storage;
using BackupFunctions.Storage.Checks;

namespace BackupFunctions.Jobs.Restore;

/// <summary>Tries the targets that a recovery will read from, side by side; one that does not pass is read last, and hinders nobody.</summary>
internal sealed class ReadOrder(JobEnvironment environment, TimeSpan limit)
{
    /// <param name="manifest">Of the backup.</param>
    /// <param name="targets">In the order wanted.</param>
    /// <param name="checks">Takes a line of what was found.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Names, those that passed first.</returns>
    public async Task<IReadOnlyList<string>> OfAsync(
        Manifest manifest, IReadOnlyList<IStorageTarget> targets, List<string> checks, CancellationToken cancellationToken)
    {
        var sample = manifest.Objects.MinBy(stored => stored.Size)!;
        var key = StorageKeys.Object(manifest.Cluster, manifest.BackupId, sample.Name);
        var reports = await Task.WhenAll(targets.Select(target =>
            TargetReadCheck.RunAsync(target, key, sample.Size, limit, environment.Time, cancellationToken)));
        foreach (var report in reports)
        {
            environment.Reporter.WarnAll(report.Findings.Where(finding => finding.Status != CheckStatus.Ok)
                .Select(finding => $"Target {report.Target} {(finding.Status == CheckStatus.Fail ? "failed" : "passed with a warning")} the check '{finding.Check}': {finding.Detail}"));
        }

        checks.Add($"read from {string.Join(", ", reports.Select(Describe))}");
        return [.. reports.OrderBy(report => report.Status == CheckStatus.Fail).Select(report => report.Target)];
    }

    private static string Describe(TargetReport report) => report.Status == CheckStatus.Fail
        ? $"{report.Target} FAILED"
        : string.Create(CultureInfo.InvariantCulture, $"{report.Target} ({report.LatencyMilliseconds:0.#} ms)");
}

using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Storage.Tests.Checks;

internal static class TargetReports
{
    public static TargetFinding Find(this TargetReport report, string check) => report.Findings.Single(finding => finding.Check == check);

    /// <summary>What failed, shown in full when it should be nothing.</summary>
    public static IEnumerable<TargetFinding> Failures(this TargetReport report) => report.Findings.Where(finding => finding.Status == CheckStatus.Fail);
}

using BackupFunctions.Contracts.DisasterRecovery;
using BackupFunctions.Reports;

namespace BackupFunctions.Activities;

public sealed class StoreReport(ReportStore reports)
{
    [Function(nameof(StoreReport))]
    public void Run([ActivityTrigger] DisasterRecoveryReport report) => reports.Write(report);
}

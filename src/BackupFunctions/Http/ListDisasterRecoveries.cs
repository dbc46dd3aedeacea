using BackupFunctions.Reports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace BackupFunctions.Http;

/// <summary>GET /api/disaster-recovery: the reports, newest first.</summary>
public sealed class ListDisasterRecoveries(ReportStore reports)
{
    [Function(nameof(ListDisasterRecoveries))]
    public IActionResult Run([HttpTrigger(AuthorizationLevel.Function, "get", Route = "disaster-recovery")] HttpRequest request) =>
        RequestBody.Json(reports.List());
}

using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace BackupFunctions.Http;

/// <summary>GET /api/backups/scheduled: manual backups that wait for their time, the next one first.</summary>
public sealed class ListScheduledBackups
{
    [Function(nameof(ListScheduledBackups))]
    public async Task<IActionResult> Run(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "backups/scheduled")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => RequestBody.Json(await ManualBackupInstances.ScheduledAsync(client, cancellationToken));
}

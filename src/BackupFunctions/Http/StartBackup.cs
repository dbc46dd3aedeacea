using BackupFunctions.Settings;
using BackupFunctions.Workflows;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace BackupFunctions.Http;

/// <summary>POST /api/backups {database | server, kind, tenants | allTenants, at?, notify?}: a backup of any kind, at once or at a time.</summary>
public sealed class StartBackup(BackupSettings settings, TimeProvider time)
{
    [Function(nameof(StartBackup))]
    public async Task<IActionResult> Run(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "backups")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync<StartBackupBody>(request, cancellationToken);
        if (body is null)
        {
            return Problems.BadRequest("body", "Send a JSON object {database | server, kind, tenants | allTenants, at, notify} of at most 64 KiB, with no other members.");
        }

        var wanted = new RequestedBackup(body, settings);
        if (wanted.Refusal(time.GetUtcNow()) is { } refusal)
        {
            return refusal;
        }

        var instanceId = await client.ScheduleNewOrchestrationInstanceAsync(nameof(ManualBackup), wanted.Request(Caller.Of(request)), cancellationToken);
        return client.Accepted(instanceId);
    }
}

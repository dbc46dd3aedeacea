using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Settings;
using BackupFunctions.Workflows;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace BackupFunctions.Http;

/// <summary>POST /api/backups {database, kind}: a backup at once.</summary>
public sealed class StartBackup(BackupSettings settings)
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
            return Problems.BadRequest("body", "Send a JSON object {database, kind} of at most 64 KiB.");
        }

        if (string.IsNullOrEmpty(body.Database) || !settings.Databases.Any(database => database.Name == body.Database))
        {
            return Problems.BadRequest("database/unknown", $"'database' must be one of the configured databases; '{body.Database}' is not.");
        }

        if (!string.Equals(body.Kind ?? "full", "full", StringComparison.OrdinalIgnoreCase))
        {
            return Problems.BadRequest("kind/unknown", $"'kind' must be full; '{body.Kind}' is not known.");
        }

        var instanceId = await client.ScheduleNewOrchestrationInstanceAsync(
            nameof(FullBackup), new FullBackupParameters(body.Database, "manual"), cancellationToken);
        var payload = client.CreateHttpManagementPayload(instanceId);
        return new AcceptedResult(payload.StatusQueryGetUri, payload);
    }
}

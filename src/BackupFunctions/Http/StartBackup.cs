using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Settings;
using BackupFunctions.Workflows;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace BackupFunctions.Http;

/// <summary>POST /api/backups {database, kind, tenants | allTenants}: a backup at once.</summary>
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
            return Problems.BadRequest("body", "Send a JSON object {database, kind, tenants} of at most 64 KiB.");
        }

        if (string.IsNullOrEmpty(body.Database) || !settings.Databases.Any(database => database.Name == body.Database))
        {
            return Problems.BadRequest("database/unknown", $"'database' must be one of the configured databases; '{body.Database}' is not.");
        }

        var isTenants = string.Equals(body.Kind, "tenant", StringComparison.OrdinalIgnoreCase);
        if (!isTenants && !string.Equals(body.Kind ?? "full", "full", StringComparison.OrdinalIgnoreCase))
        {
            return Problems.BadRequest("kind/unknown", $"'kind' must be full or tenant; '{body.Kind}' is not known.");
        }

        if (TenantsProblem(body, isTenants) is { } problem)
        {
            return problem;
        }

        var instanceId = isTenants
            ? await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(TenantBackups), new TenantBackupParameters(body.Database, "manual", body.AllTenants == true ? null : [.. body.Tenants!.OfType<string>()]), cancellationToken)
            : await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(FullBackup), new FullBackupParameters(body.Database, "manual"), cancellationToken);
        var payload = client.CreateHttpManagementPayload(instanceId);
        return new AcceptedResult(payload.StatusQueryGetUri, payload);
    }

    private IActionResult? TenantsProblem(StartBackupBody body, bool isTenants)
    {
        if (!isTenants)
        {
            return body.Tenants is null && body.AllTenants is null
                ? null
                : Problems.BadRequest("tenants/unexpected", "'tenants' and 'allTenants' go with kind tenant only: leave them out, or ask for that kind.");
        }

        var tenants = settings.Databases.First(database => database.Name == body.Database).Tenants;
        return tenants is null
            ? Problems.BadRequest("tenants/unknown", $"How the tenants of '{body.Database}' are told apart is not in the settings: set Tenants of that database.")
            : body.AllTenants == true
            ? body.Tenants is not null
                ? Problems.BadRequest("tenants", "Give 'tenants' or 'allTenants', not both.")
                : tenants.CanList ? null : Problems.BadRequest("tenants/unknown", $"All tenants of '{body.Database}' cannot be listed: set Root or List of its Tenants, or name tenants.")
            : body.Tenants is not { Count: > 0 } || body.Tenants.Any(string.IsNullOrWhiteSpace)
                ? Problems.BadRequest("tenants", "Kind tenant needs 'tenants', a list of names, or 'allTenants': true.")
                : null;
    }
}

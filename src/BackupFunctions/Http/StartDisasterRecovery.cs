using BackupFunctions.Contracts.DisasterRecovery;
using BackupFunctions.Recovery;
using BackupFunctions.Settings;
using BackupFunctions.Workflows;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace BackupFunctions.Http;

/// <summary>
/// POST /api/disaster-recovery {database, backupId? | targetTime? | targetLsn? | latest?, targetServer?, reason, confirm}; confirm repeats the
/// database's name.
/// </summary>
public sealed class StartDisasterRecovery(BackupSettings settings, RecoveryTickets tickets, TimeProvider time)
{
    [Function(nameof(StartDisasterRecovery))]
    public async Task<IActionResult> Run(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = "disaster-recovery")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync<StartDisasterRecoveryBody>(request, cancellationToken);
        if (Refusal(body) is { } refusal)
        {
            return refusal;
        }

        var database = body!.Database!;
        return await BusyDatabase.StartAsync(
            client, database, nameof(DisasterRecovery), DisasterRecoveryInstances.IdOf(database), () => Confirmed(body, request), cancellationToken);
    }

    private DisasterRecoveryRequest Confirmed(StartDisasterRecoveryBody body, HttpRequest request) => new()
    {
        Database = body.Database!,
        BackupId = body.BackupId,
        Point = RequestedPoint.Of(body),
        TargetServer = body.TargetServer,
        Reason = body.Reason!,
        InitiatedBy = Caller.Of(request),
        Confirmation = tickets.Issue(body.Database!),
    };

    private IActionResult? Refusal(StartDisasterRecoveryBody? body)
    {
        if (body is null)
        {
            return Problems.BadRequest("body", "Send a JSON object {database, backupId?, targetTime?, targetLsn?, latest?, targetServer?, reason, confirm} of at most 64 KiB.");
        }

        if (string.IsNullOrEmpty(body.Database) || !settings.Databases.Any(database => database.Name == body.Database))
        {
            return Problems.BadRequest("database/unknown", $"'database' must be one of the configured databases; '{body.Database}' is not.");
        }

        if (string.IsNullOrWhiteSpace(body.Reason))
        {
            return Problems.BadRequest("reason/missing", "'reason' is required: it stands in the report.");
        }

        if (!string.Equals(body.Confirm, body.Database, StringComparison.Ordinal))
        {
            return Problems.BadRequest("confirm/mismatch", "'confirm' must repeat the database's name exactly.");
        }

        return body.TargetServer is { } server && !settings.Servers.Any(known => known.Name == server)
            ? Problems.BadRequest("server/unknown", $"'targetServer' must be one of the configured servers; '{server}' is not.")
            : RequestedPoint.Refusal(body, time.GetUtcNow());
    }
}

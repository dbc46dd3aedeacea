using BackupFunctions.Merges;
using BackupFunctions.Settings;
using BackupFunctions.Workflows;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace BackupFunctions.Http;

/// <summary>
/// POST /api/merges {database, backupId? | targetTime? | targetLsn? | latest?, tables?, tenants?, policy?, newestColumn?, apply?, undo?, reason,
/// confirm}: rows of a backup into the database. Without apply they are counted only; with it, confirm repeats the database's name.
/// </summary>
public sealed class StartMerge(BackupSettings settings, MergeTickets tickets, TimeProvider time)
{
    [Function(nameof(StartMerge))]
    public async Task<IActionResult> Run(
        [HttpTrigger(AuthorizationLevel.Admin, "post", Route = "merges")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync<StartMergeBody>(request, cancellationToken);
        if (RequestedMerge.Refusal(body, settings, time.GetUtcNow()) is { } refusal)
        {
            return refusal;
        }

        var database = body!.Database!;
        return await BusyDatabase.StartAsync(
            client,
            database,
            nameof(MergeRestore),
            MergeInstances.IdOf(database),
            () => RequestedMerge.Of(body) with { InitiatedBy = Caller.Of(request), Confirmation = tickets.Issue(database) },
            cancellationToken);
    }
}

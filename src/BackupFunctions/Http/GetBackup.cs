using BackupFunctions.Catalog;
using BackupFunctions.Listing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace BackupFunctions.Http;

/// <summary>GET /api/backups/{id}: one backup and the state of its copies, from where <see cref="BackupQuery"/> takes it.</summary>
public sealed class GetBackup(Lazy<StorageCatalog> storage, CatalogAccess catalog)
{
    [Function(nameof(GetBackup))]
    public async Task<IActionResult> Run(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "backups/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (Problems.Unusable(storage) is { } problem)
        {
            return problem;
        }

        var listing = await BackupQuery.ListAsync(request, storage.Value, catalog, id, cancellationToken);
        return listing.Backups.FirstOrDefault(backup => backup.BackupId == id) is { } found
            ? RequestBody.Json(found)
            : listing.Unreadable.Count > 0
                ? Problems.Unavailable("storage/unreadable", string.Join(" ", listing.Unreadable))
                : Problems.NotFound("backup/unknown", $"No backup '{id}' is in storage.");
    }
}

using BackupFunctions.Catalog;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace BackupFunctions.Http;

/// <summary>GET /api/backups: what storage holds, newest first; targets that cannot be read are named in a header.</summary>
public sealed class ListBackups(StorageCatalog catalog)
{
    [Function(nameof(ListBackups))]
    public async Task<IActionResult> Run(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "backups")] HttpRequest request, CancellationToken cancellationToken)
    {
        var listing = await catalog.ListAsync(cancellationToken);
        if (listing.Backups.Count == 0 && listing.Unreadable.Count > 0)
        {
            return Problems.Unavailable("storage/unreadable", string.Join(" ", listing.Unreadable));
        }

        return RequestBody.Json(listing.Backups);
    }
}

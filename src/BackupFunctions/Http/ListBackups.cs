using BackupFunctions.Catalog;
using BackupFunctions.Listing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace BackupFunctions.Http;

/// <summary>GET /api/backups: what storage holds, newest first; targets that cannot be read are named in the header X-Storage-Unreadable.</summary>
public sealed class ListBackups(Lazy<StorageCatalog> storage, CatalogAccess catalog)
{
    private const string UnreadableHeader = "X-Storage-Unreadable";

    [Function(nameof(ListBackups))]
    public async Task<IActionResult> Run(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "backups")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (Problems.Unusable(storage) is { } problem)
        {
            return problem;
        }

        var listing = await BackupQuery.ListAsync(request, storage.Value, catalog, only: null, cancellationToken);
        if (listing.UnreadableTargets.Count > 0)
        {
            // A name is free text, a header is not.
            request.HttpContext.Response.Headers[UnreadableHeader] = string.Join(", ", listing.UnreadableTargets.Select(Uri.EscapeDataString));
        }

        if (listing.Backups.Count == 0 && listing.Unreadable.Count > 0)
        {
            return Problems.Unavailable("storage/unreadable", string.Join(" ", listing.Unreadable));
        }

        return RequestBody.Json(listing.Backups);
    }
}

using BackupFunctions.Catalog;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace BackupFunctions.Http;

/// <summary>GET /api/backups: what storage holds, newest first; targets that cannot be read are named in a header.</summary>
public sealed class ListBackups(StorageCatalog catalog)
{
    /// <summary>One sentence for each target that could not be read: the list may lack backups.</summary>
    private const string UnreadableHeader = "x-unreadable-targets";

    [Function(nameof(ListBackups))]
    public async Task<IActionResult> Run(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "backups")] HttpRequest request, CancellationToken cancellationToken)
    {
        var listing = await catalog.ListAsync(cancellationToken);
        if (listing.Backups.Count == 0 && listing.Unreadable.Count > 0)
        {
            return Problems.Unavailable("storage/unreadable", string.Join(" ", listing.Unreadable));
        }

        if (listing.Unreadable.Count > 0)
        {
            // Header values are ASCII; a target's own words may not be.
            request.HttpContext.Response.Headers[UnreadableHeader] = string.Concat(string.Join(' ', listing.Unreadable).Select(c => c is >= ' ' and <= '~' ? c : '?'));
        }

        return RequestBody.Json(listing.Backups);
    }
}

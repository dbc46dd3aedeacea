using BackupFunctions.Contracts;
using BackupFunctions.Listing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace BackupFunctions.Http;

/// <summary>GET /api/wal: of every server the archived write-ahead log, what can be recovered by it, its holes, and how far behind it is now.</summary>
public sealed class GetWal(WalReports reports)
{
    [Function(nameof(GetWal))]
    public async Task<IActionResult> Run(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "wal")] HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return RequestBody.Json(await reports.ReadAsync(cancellationToken));
        }
        catch (PgdrException e)
        {
            return Problems.Unavailable(e);
        }
    }
}

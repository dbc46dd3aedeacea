using BackupFunctions.Catalog;
using BackupFunctions.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace BackupFunctions.Http;

/// <summary>Errors as RFC 9457 problem details with a stable type.</summary>
internal static class Problems
{
    public static IActionResult BadRequest(string type, string detail) => Create(StatusCodes.Status400BadRequest, type, "The request is not usable", detail);

    public static IActionResult NotFound(string type, string detail) => Create(StatusCodes.Status404NotFound, type, "Not found", detail);

    public static IActionResult Conflict(string type, string detail, string instanceId, string title = "Already running")
    {
        var result = Create(StatusCodes.Status409Conflict, type, title, detail);
        ((ProblemDetails)result.Value!).Extensions["instanceId"] = instanceId;
        return result;
    }

    public static IActionResult Unavailable(string type, string detail) =>
        Create(StatusCodes.Status503ServiceUnavailable, type, "Storage cannot be read", detail);

    /// <summary>Something of the host is not usable; its own code is the type.</summary>
    public static IActionResult Unavailable(PgdrException cause) =>
        Create(StatusCodes.Status503ServiceUnavailable, cause.Code.Replace('.', '/'), "The host is not ready for this", cause.Message);

    /// <returns>Null when storage can be asked; else what is not configured, by its own code.</returns>
    public static IActionResult? Unusable(Lazy<StorageCatalog> catalog)
    {
        try
        {
            _ = catalog.Value;
            return null;
        }
        catch (PgdrException e)
        {
            return Unavailable(e);
        }
    }

    private static ObjectResult Create(int status, string type, string title, string detail) =>
        new(new ProblemDetails { Status = status, Type = $"urn:backupfunctions:{type}", Title = title, Detail = detail })
        {
            StatusCode = status,
            ContentTypes = { "application/problem+json" },
        };
}

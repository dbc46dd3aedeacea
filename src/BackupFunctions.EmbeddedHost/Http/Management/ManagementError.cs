using Microsoft.AspNetCore.Http;

namespace BackupFunctions.EmbeddedHost.Http.Management;

/// <summary>An error of the management API, in the shape of ASP.NET Web API's HttpError.</summary>
internal static class ManagementError
{
    private static readonly System.Text.Json.JsonSerializerOptions PascalCase = new();

    public static IResult Result(int status, string message) => Results.Json(new { Message = message }, PascalCase, statusCode: status);
}

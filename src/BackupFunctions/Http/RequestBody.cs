using System.Text.Json;
using BackupFunctions.Contracts;
using Microsoft.AspNetCore.Http;

namespace BackupFunctions.Http;

/// <summary>Reads small JSON bodies, camelCase or snake_case.</summary>
internal static class RequestBody
{
    private const int MaxBytes = 64 * 1024;

    private static readonly JsonSerializerOptions CamelCase = new(JsonSerializerDefaults.Web);

    /// <summary>Null when the body is not the JSON object that is expected.</summary>
    public static async Task<T?> ReadAsync<T>(HttpRequest request, CancellationToken cancellationToken)
        where T : class
    {
        if (request.ContentLength > MaxBytes)
        {
            return null;
        }

        try
        {
            using var buffer = new MemoryStream();
            var chunk = new byte[8192];
            int read;
            while ((read = await request.Body.ReadAsync(chunk, cancellationToken)) > 0)
            {
                buffer.Write(chunk, 0, read);
                if (buffer.Length > MaxBytes)
                {
                    return null;
                }
            }

            return JsonSerializer.Deserialize<T>(buffer.ToArray(), CamelCase);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A body of contracts, as they are stored.</summary>
    public static Microsoft.AspNetCore.Mvc.ContentResult Json<T>(T value) => new()
    {
        Content = JsonSerializer.Serialize(value, ContractJson.Options),
        ContentType = "application/json",
        StatusCode = StatusCodes.Status200OK,
    };
}

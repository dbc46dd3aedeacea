using System.Net;
using System.Text.Json.Nodes;

namespace BackupFunctions.EndToEnd.Tests.Http;

/// <summary>An HTTP answer, read whole.</summary>
internal sealed record Answer(HttpStatusCode Status, string? ContentType, Uri? Location, string Text)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    public static async Task<Answer> OfAsync(Task<HttpResponseMessage> request)
    {
        using var response = await request;
        return new Answer(
            response.StatusCode, response.Content.Headers.ContentType?.MediaType, response.Headers.Location, await response.Content.ReadAsStringAsync());
    }
}

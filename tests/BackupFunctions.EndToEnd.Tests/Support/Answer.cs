using System.Net;
using System.Text.Json.Nodes;

namespace BackupFunctions.EndToEnd.Tests.Support;

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

    /// <summary>Follows a Location, whose own key is all it takes, until what was started has ended.</summary>
    public async Task<Answer> EndAsync(HostProcess host)
    {
        using var client = host.Client(string.Empty);
        return await Until.NotNullAsync(
            async () =>
            {
                var answer = await OfAsync(client.GetAsync(Location));
                answer.Status.ShouldBeOneOf(HttpStatusCode.Accepted, HttpStatusCode.OK);
                return answer.Status == HttpStatusCode.OK ? answer : null;
            },
            () => $"the end of {Location!.AbsolutePath}; {host.ReadLog()}",
            120);
    }
}

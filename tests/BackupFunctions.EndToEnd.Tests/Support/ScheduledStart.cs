using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace BackupFunctions.EndToEnd.Tests.Support;

/// <summary>Starts of backups at a time.</summary>
internal static class ScheduledStart
{
    private static readonly int[] Seconds = [2, 15, 120];

    public static string Ahead(TimeSpan time) => (TimeProvider.System.GetUtcNow() + time).ToString("o", CultureInfo.InvariantCulture);

    /// <summary>As soon as can be asked for: where the machine is so slow that the time has passed when the host reads it, a later one.</summary>
    public static async Task<Answer> SoonAsync(HttpClient client, JsonObject body)
    {
        Answer answer = null!;
        foreach (var seconds in Seconds)
        {
            body["at"] = Ahead(TimeSpan.FromSeconds(seconds));
            answer = await Answer.OfAsync(client.PostAsJsonAsync("api/backups", body));
            if (!answer.Text.Contains("at/past", StringComparison.Ordinal))
            {
                break;
            }
        }

        answer.Status.ShouldBe(HttpStatusCode.Accepted, answer.Text);
        return answer;
    }
}

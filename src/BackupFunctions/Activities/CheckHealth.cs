using BackupFunctions.Contracts.DisasterRecovery;
using System.Net;
using BackupFunctions.Settings;

namespace BackupFunctions.Activities;

/// <summary>One look at the application's health URL; only HTTP 200 counts.</summary>
public sealed class CheckHealth(BackupSettings settings, IHttpClientFactory http)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    [Function(nameof(CheckHealth))]
    public async Task<HealthReport> Run([ActivityTrigger] HealthRoute route, CancellationToken cancellationToken)
    {
        var url = (route == HealthRoute.Direct ? settings.Recovery.HealthCheckUrl : settings.Recovery.PublicHealthCheckUrl)!;
        using var client = http.CreateClient();
        client.Timeout = Timeout;
        try
        {
            using var response = await client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return new HealthReport(response.StatusCode == HttpStatusCode.OK, $"{url.GetLeftPart(UriPartial.Path)} answered {(int)response.StatusCode}");
        }
        catch (HttpRequestException e)
        {
            return new HealthReport(Healthy: false, $"{url.GetLeftPart(UriPartial.Path)} did not answer ({e.HttpRequestError})");
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new HealthReport(Healthy: false, $"{url.GetLeftPart(UriPartial.Path)} did not answer within {Timeout.TotalSeconds:0} s");
        }
    }
}

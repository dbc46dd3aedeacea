using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.ManualBackups;
using BackupFunctions.Settings;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace BackupFunctions.Notifications;

/// <summary>Posts the end of a backup to a hook of the settings. A notice may come twice, with the same instance id.</summary>
public sealed class BackupNotifier
{
    /// <summary>Of the client that follows no redirection: the settings say where notices go, nobody else.</summary>
    public const string ClientName = "backup-hooks";

    private const int Repetitions = 4;

    /// <summary>Of one attempt.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly BackupSettings _settings;
    private readonly IHttpClientFactory _http;
    private readonly ResiliencePipeline<HttpResponseMessage> _attempts;

    public BackupNotifier(BackupSettings settings, IHttpClientFactory http, TimeProvider time)
    {
        (_settings, _http) = (settings, http);
        _attempts = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = Repetitions,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromSeconds(1),
                ShouldHandle = new PredicateBuilder<HttpResponseMessage>()
                    .Handle<HttpRequestException>()
                    .Handle<TimeoutRejectedException>()
                    .HandleResult(answer => answer.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError),
            })
            .AddTimeout(Patience)
            .Build();
    }

    /// <returns>Why the hook does not know, a sentence; null when it does.</returns>
    public async Task<string?> TellAsync(BackupNotification notification, CancellationToken cancellationToken)
    {
        if (!_settings.NotifyHooks.TryGetValue(notification.Hook, out var address))
        {
            return Untold(notification, $"it is not configured any more, set {NotifyHooksReader.SettingOf(notification.Hook)}");
        }

        using var client = _http.CreateClient(ClientName);
        client.Timeout = Timeout.InfiniteTimeSpan; // The pipeline's own limit holds, and its sentence.
        var notice = JsonSerializer.SerializeToUtf8Bytes(notification.Notice with { Cluster = _settings.ClusterName }, ContractJson.Options);
        try
        {
            using var answer = await _attempts.ExecuteAsync(async token => await PostAsync(client, address, notice, token), cancellationToken);
            return answer.IsSuccessStatusCode ? null : Untold(notification, $"{address.Host} answered {(int)answer.StatusCode}");
        }
        catch (HttpRequestException e)
        {
            return Untold(notification, $"{address.Host} could not be reached ({e.HttpRequestError})");
        }
        catch (TimeoutRejectedException)
        {
            return Untold(notification, $"{address.Host} did not answer within {Patience.TotalSeconds:0} s");
        }
    }

    /// <summary>With its length, since simple receivers know no chunks; what the hook says beside its status is not read.</summary>
    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, Uri address, byte[] notice, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(notice) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>The address stays out: it may hold a secret.</summary>
    private static string Untold(BackupNotification notification, string why) => $"Hook {notification.Hook} was not told of the end: {why}.";
}

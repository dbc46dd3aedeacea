using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using BackupFunctions.Cli.DisasterRecovery;
using BackupFunctions.Contracts;

namespace BackupFunctions.Cli.HostApi;

/// <summary>The host's HTTP interface as pgdr uses it.</summary>
internal sealed class HostClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly string _otherwise;

    /// <param name="address">Of the host.</param>
    /// <param name="key">Of the host.</param>
    /// <param name="otherwise">The command that needs no host.</param>
    public HostClient(Uri address, string key, string otherwise)
    {
        _otherwise = otherwise;
        _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        _http.DefaultRequestHeaders.Add("x-functions-key", key);
    }

    public async Task StartAsync(object body, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(() => _http.PostAsJsonAsync("api/disaster-recovery", body, cancellationToken));
        if (response.StatusCode != HttpStatusCode.Accepted)
        {
            throw new PgdrException(ErrorCodes.InvalidSettings, await ExplainAsync(response, cancellationToken));
        }
    }

    public async Task<RunbookState> StatusAsync(string database, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(() => _http.GetAsync($"runtime/webhooks/durabletask/instances/{InstanceId(database)}", cancellationToken));
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            throw new PgdrException(ErrorCodes.BackupUnknown, $"No recovery of '{database}' is known to the host: 'pgdr dr start' begins one.");
        }

        if (!response.IsSuccessStatusCode)
        {
            throw new PgdrException(ErrorCodes.Unexpected, await ExplainAsync(response, cancellationToken));
        }

        var raw = await response.Content.ReadAsStringAsync(cancellationToken);
        return new RunbookState(raw, JsonNode.Parse(raw)!);
    }

    public async Task RaiseAsync(string database, string name, CancellationToken cancellationToken)
    {
        using var content = new StringContent("null", Encoding.UTF8, "application/json");
        using var response = await SendAsync(() => _http.PostAsync(
            $"runtime/webhooks/durabletask/instances/{InstanceId(database)}/raiseEvent/{name}", content, cancellationToken));
        if (response.StatusCode != HttpStatusCode.Accepted)
        {
            throw new PgdrException(ErrorCodes.BackupUnknown, response.StatusCode switch
            {
                HttpStatusCode.NotFound => $"No recovery of '{database}' is known to the host.",
                HttpStatusCode.Gone => $"The recovery of '{database}' has ended already.",
                _ => await ExplainAsync(response, cancellationToken),
            });
        }
    }

    /// <summary>Any other call; its answer may be read when it went well.</summary>
    /// <exception cref="PgdrException">It did not; the host's own sentence.</exception>
    public async Task<HostAnswer> CallAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
        }

        using var response = await SendAsync(() => _http.SendAsync(request, cancellationToken));
        return response.IsSuccessStatusCode
            ? new HostAnswer(response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken))
            : throw new PgdrException(CodeOf(response.StatusCode), await ExplainAsync(response, cancellationToken));
    }

    public void Dispose() => _http.Dispose();

    private static string CodeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest => ErrorCodes.InvalidSettings,
        HttpStatusCode.NotFound => ErrorCodes.BackupUnknown,
        _ => ErrorCodes.Unexpected,
    };

    /// <summary>The same id as the host makes.</summary>
    private static string InstanceId(string database) =>
        $"dr-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(database)))[..32]}";

    private async Task<HttpResponseMessage> SendAsync(Func<Task<HttpResponseMessage>> send)
    {
        try
        {
            return await send();
        }
        catch (HttpRequestException e)
        {
            throw new PgdrException(
                ErrorCodes.ServerUnreachable, $"The host at {_http.BaseAddress} does not answer: start it, give --host, or use '{_otherwise}', which needs no host.", e);
        }
    }

    private static async Task<string> ExplainAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            return "The host does not accept this key: give the master key by --key-file or HOST_MASTER_KEY.";
        }

        try
        {
            var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
            return problem?["detail"]?.GetValue<string>() ?? $"The host answered {(int)response.StatusCode}.";
        }
        catch (JsonException)
        {
            return $"The host answered {(int)response.StatusCode}.";
        }
    }
}

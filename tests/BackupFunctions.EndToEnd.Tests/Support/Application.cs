using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.EndToEnd.Tests.Support;

/// <summary>An application's health endpoints, one for each route, which count what they are asked and answer as they are told; and a hook.</summary>
internal sealed class Application : IAsyncDisposable
{
    /// <summary>In the hook's address, as many have one there.</summary>
    public const string HookToken = "hook-token-canary-3e9a77c1";

    private readonly WebApplication _web;
    private readonly ConcurrentQueue<string> _notices = new();
    private int _answeredDirect;
    private int _answeredPublic;
    private int _refused;

    private Application(WebApplication web) => _web = web;

    public volatile bool IsHealthy = true;

    /// <summary>Times 200 was answered.</summary>
    public int HealthyAnswers => Volatile.Read(ref _answeredDirect);

    public int PublicHealthyAnswers => Volatile.Read(ref _answeredPublic);

    /// <summary>Times 503 was answered, by either route.</summary>
    public int Refusals => Volatile.Read(ref _refused);

    public string HealthUrl => $"{_web.Urls.First()}/health";

    public string PublicHealthUrl => $"{_web.Urls.First()}/public";

    public string HookUrl => $"{_web.Urls.First()}/hook?token={HookToken}";

    /// <summary>What the hook was told, by whoever knows its token.</summary>
    public IReadOnlyList<string> Notices => [.. _notices];

    public static async Task<Application> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var application = new Application(builder.Build());
        application._web.MapGet("/health", () => application.Answer(ref application._answeredDirect));
        application._web.MapGet("/public", () => application.Answer(ref application._answeredPublic));
        application._web.MapPost("/hook", application.TakeNoticeAsync);
        await application._web.StartAsync();
        return application;
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private async Task<IResult> TakeNoticeAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var notice = await reader.ReadToEndAsync();
        if (request.Query["token"] != HookToken)
        {
            return Results.Unauthorized();
        }

        _notices.Enqueue(notice);
        return Results.NoContent();
    }

    private IResult Answer(ref int counter)
    {
        Interlocked.Increment(ref IsHealthy ? ref counter : ref _refused);
        return Results.StatusCode(IsHealthy ? 200 : 503);
    }
}

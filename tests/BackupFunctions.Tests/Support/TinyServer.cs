using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Tests.Support;

/// <summary>Somebody else's HTTP server: gives each of the statuses once, the last again and again; no status: never answers.</summary>
internal sealed class TinyServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<string> _bodies = new();
    private readonly Queue<int> _statuses;
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TinyServer(WebApplication app, int[] statuses) => (_app, _statuses) = (app, new Queue<int>(statuses));

    public Uri Url => new(_app.Urls.First() + "/hook?secret=canary");

    /// <summary>Where answers send the asker; null: nowhere.</summary>
    public Uri? Location { get; set; }

    public IReadOnlyList<string> Bodies => [.. _bodies];

    /// <summary>Ends with the first request.</summary>
    public Task Asked => _asked.Task;

    public static async Task<TinyServer> StartAsync(params int[] statuses)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new TinyServer(builder.Build(), statuses);
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        _bodies.Enqueue(await reader.ReadToEndAsync());
        _asked.TrySetResult();
        if (_statuses.Count == 0)
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }

        context.Response.Headers.Location = Location?.ToString();
        context.Response.StatusCode = _statuses.Count > 1 ? _statuses.Dequeue() : _statuses.Peek();
    }
}

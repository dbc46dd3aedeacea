using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Cli.Tests.Support;

/// <summary>Answers every call with the next of the given answers, the last one again and again, and keeps what it was asked.</summary>
internal sealed class FakeHost : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly Queue<(int Status, string Text)> _answers;

    private FakeHost(WebApplication web, (int, string)[] answers) => (_web, _answers) = (web, new Queue<(int, string)>(answers));

    /// <summary>Method, path and body.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>Of a command that is to call it.</summary>
    public Dictionary<string, string> Settings => new(StringComparer.Ordinal) { ["HOST_URL"] = _web.Urls.First(), ["HOST_MASTER_KEY"] = "a-key-of-the-test" };

    public static async Task<FakeHost> StartAsync(params (int Status, string Text)[] answers)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var host = new FakeHost(builder.Build(), answers);
        host._web.Run(host.AnswerAsync);
        await host._web.StartAsync();
        return host;
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        Calls.Enqueue($"{context.Request.Method} {context.Request.Path} {await reader.ReadToEndAsync()}".TrimEnd());
        var (status, text) = _answers.Count > 1 ? _answers.Dequeue() : _answers.Peek();
        context.Response.StatusCode = status;
        await context.Response.WriteAsync(text);
    }
}

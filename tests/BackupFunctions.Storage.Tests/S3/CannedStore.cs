using System.Collections.Concurrent;
using System.Net;
using System.Text;
using BackupFunctions.Storage.S3;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Storage.Tests.S3;

/// <summary>Answers what a test tells it to, for what a healthy store does not do by itself; the last answer repeats.</summary>
internal sealed class CannedStore : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<(int Status, string Code)> _answers;
    private readonly Task _serving;
    private int _requests;

    public CannedStore(params (int Status, string Code)[] answers)
    {
        _answers = new(answers);
        Endpoint = $"http://127.0.0.1:{FreePort.Next()}";
        _listener.Prefixes.Add($"{Endpoint}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Endpoint { get; }

    public int Requests => Volatile.Read(ref _requests);

    public S3TargetOptions Options => new()
    {
        Endpoint = Endpoint,
        Region = "auto",
        Bucket = "bucket",
        AccessKey = "key-id",
        SecretKey = "secret-canary",
    };

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                Interlocked.Increment(ref _requests);
                await context.Request.InputStream.CopyToAsync(Stream.Null);
                _answers.TryPeek(out var answer);
                if (_answers.Count > 1)
                {
                    _answers.TryDequeue(out answer);
                }

                context.Response.StatusCode = answer.Status;
                if (answer.Status >= 300)
                {
                    context.Response.ContentType = "application/xml";
                    var error = $"<?xml version=\"1.0\"?><Error><Code>{answer.Code}</Code><Message>as told</Message></Error>";
                    await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(error));
                }
                else
                {
                    context.Response.Headers["ETag"] = answer.Code;
                    var listing = context.Request.HttpMethod is "GET" ? "<ListBucketResult/>" : "";
                    await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(listing));
                }

                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // Stopped.
        }
    }
}

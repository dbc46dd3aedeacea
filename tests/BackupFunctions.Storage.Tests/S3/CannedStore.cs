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
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _serving;
    private readonly ConcurrentQueue<CannedRequest> _requests = new();

    public CannedStore(params (int Status, string Code)[] answers)
    {
        _answers = new(answers);
        Endpoint = $"http://127.0.0.1:{FreePort.Next()}";
        _listener.Prefixes.Add($"{Endpoint}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Endpoint { get; }

    /// <summary>Of a good answer to a GET.</summary>
    public string Listing { get; set; } = "<ListBucketResult/>";

    public IReadOnlyCollection<CannedRequest> Requests => _requests;

    public S3TargetOptions Options => new()
    {
        Endpoint = Endpoint,
        Region = "auto",
        Bucket = "bucket",
        AccessKey = "key-id",
        SecretKey = "secret-canary",
    };

    /// <summary>Waits for a request of that path.</summary>
    public async Task UntilAsync(string path)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!_requests.Any(request => request.Path.Equals(path, StringComparison.Ordinal)))
        {
            await _arrived.WaitAsync(patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // First: a wait for a request that begins while the listener stops may never be ended by it.
        await _stopping.CancelAsync();
        _listener.Stop();
        await _serving;
        _listener.Close();
        _arrived.Dispose();
        _stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                await AnswerAsync(await _listener.GetContextAsync().WaitAsync(_stopping.Token));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e) when (e is HttpListenerException or InvalidOperationException)
            {
                // Stopped, or the client went away in the middle of its request.
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        _requests.Enqueue(CannedRequest.Of(context.Request));
        _arrived.Release();
        await context.Request.InputStream.CopyToAsync(Stream.Null);
        _answers.TryPeek(out var answer);
        if (_answers.Count > 1)
        {
            _answers.TryDequeue(out answer);
        }

        using var response = context.Response;
        response.StatusCode = answer.Status;
        response.Headers["ETag"] = answer.Code;
        if (answer.Status >= 300)
        {
            // Azure names the error here.
            response.Headers["x-ms-error-code"] = answer.Code;
        }

        var body = (answer.Status, context.Request.HttpMethod) switch
        {
            ( >= 300, _) => $"<Error><Code>{answer.Code}</Code><Message>as told</Message></Error>",
            (_, "GET") => Listing,
            (_, "POST") => "<InitiateMultipartUploadResult><UploadId>upload-1</UploadId></InitiateMultipartUploadResult>",
            _ => "",
        };
        if (body.Length > 0 && context.Request.HttpMethod is not "HEAD")
        {
            response.ContentType = "application/xml";
            await response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
        }
    }
}

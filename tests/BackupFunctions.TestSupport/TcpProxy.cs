using System.Net;
using System.Net.Sockets;

namespace BackupFunctions.TestSupport;

/// <summary>
/// A loopback port that passes everything on to another one, until told to cut (connections reset, new ones refused) or to go silent
/// (connections open, nothing moves) after so many bytes have come back.
/// </summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly TaskCompletionSource _cut = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _destination;
    private readonly Task _accepting;
    private long _left = long.MaxValue;
    private long _leftThere = long.MaxValue;
    private volatile bool _silent;

    public TcpProxy(int destination)
    {
        _destination = destination;
        // Small, so that the sender feels how fast we pass on.
        _listener.Server.ReceiveBufferSize = 64 * 1024;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Endpoint => $"http://127.0.0.1:{Port}";

    /// <summary>Pause after each 16 KiB on the way there: a slow link. Before the first connection.</summary>
    public TimeSpan UploadPause { get; init; }

    /// <summary>Pause after each 16 KiB on the way back; may change at any time.</summary>
    public TimeSpan DownloadPause { get; set; }

    /// <summary>Ends when the cut has happened.</summary>
    public Task HasCut => _cut.Task;

    /// <summary>Resets all connections and refuses further ones once so many more bytes came back from the destination.</summary>
    public void CutAfter(long bytes) => Interlocked.Exchange(ref _left, bytes);

    /// <summary>As <see cref="CutAfter"/>, counting what goes to the destination: a break in the middle of a request.</summary>
    public void CutUploadAfter(long bytes) => Interlocked.Exchange(ref _leftThere, bytes);

    /// <summary>As <see cref="CutAfter"/>, but the connections stay open without a byte.</summary>
    public void GoSilentAfter(long bytes)
    {
        _silent = true;
        Interlocked.Exchange(ref _left, bytes);
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Stop();
        await _accepting;
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(PassAsync(await _listener.AcceptTcpClientAsync(_ended.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient();
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, _destination, _ended.Token);
            var there = PassThereAsync(near.GetStream(), far.GetStream());
            var back = PassBackAsync(far.GetStream(), near.GetStream());
            await Task.WhenAny(there, back, CutAsync());
            near.Client.LingerState = new LingerOption(enable: true, seconds: 0);
            near.Close();
            far.Close();
            await Task.WhenAll(there, back);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // One end is gone: so is the other.
        }
    }

    private async Task PassThereAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[16 * 1024];
        while (await from.ReadAsync(buffer, _ended.Token) is var read and > 0)
        {
            var left = Interlocked.Add(ref _leftThere, -read) + read;
            await to.WriteAsync(buffer.AsMemory(0, (int)Math.Clamp(left, 0, read)), _ended.Token);
            if (left <= read)
            {
                await EndAsync();
            }

            if (UploadPause > TimeSpan.Zero)
            {
                await Task.Delay(UploadPause, _ended.Token);
            }
        }
    }

    private async Task CutAsync()
    {
        await HasCut;
        if (_silent)
        {
            await Task.Delay(Timeout.Infinite, _ended.Token);
        }
    }

    private async Task PassBackAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[16 * 1024];
        while (await from.ReadAsync(buffer, _ended.Token) is var read and > 0)
        {
            var left = Interlocked.Add(ref _left, -read) + read;
            await to.WriteAsync(buffer.AsMemory(0, (int)Math.Clamp(left, 0, read)), _ended.Token);
            if (left <= read)
            {
                await EndAsync();
            }

            if (DownloadPause > TimeSpan.Zero)
            {
                await Task.Delay(DownloadPause, _ended.Token);
            }
        }
    }

    private async Task EndAsync()
    {
        _cut.TrySetResult();
        if (_silent)
        {
            await Task.Delay(Timeout.Infinite, _ended.Token);
        }

        _listener.Stop();
    }
}

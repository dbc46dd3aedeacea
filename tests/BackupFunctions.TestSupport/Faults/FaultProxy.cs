using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace BackupFunctions.TestSupport.Faults;

/// <summary>
/// A loopback port before a store that speaks HTTP/1.1. It knows each request before it passes it on, so that a fault hits exactly the
/// request and the byte that a test names; every connection carries one request. The port is this proxy's until it is disposed.
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _lock = new();
    private readonly List<FaultRule> _rules = [];
    private readonly ConcurrentDictionary<ProxiedExchange, Task> _exchanges = new();
    private readonly ConcurrentQueue<ProxiedRequest> _requests = new();
    private readonly Socket _reserved = NewSocket();
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;

    public FaultProxy(int destination)
    {
        Destination = destination;
        // Bound and not listening: keeps the port while the listener is away, and has connections refused.
        _reserved.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        ComeUp();
    }

    public int Port => ((IPEndPoint)_reserved.LocalEndPoint!).Port;

    public string Endpoint => $"http://127.0.0.1:{Port}";

    /// <summary>All that arrived, whatever became of them.</summary>
    public IReadOnlyCollection<ProxiedRequest> Requests => _requests;

    internal int Destination { get; }

    internal CancellationToken Ended => _ended.Token;

    /// <summary>From now on; of several rules the first that hits a request counts.</summary>
    public FaultRule Add(FaultRule rule)
    {
        lock (_lock)
        {
            _rules.Add(rule);
        }

        return rule;
    }

    public FaultRule Add(Func<ProxiedRequest, bool> matches, Fault fault) => Add(new FaultRule(matches, fault));

    /// <summary>The fault is over: no rules, and listening. Exchanges that are held stay held.</summary>
    public void Mend()
    {
        lock (_lock)
        {
            _rules.Clear();
        }

        ComeUp();
    }

    /// <summary>Resets all connections and refuses further ones.</summary>
    public void GoDown()
    {
        lock (_lock)
        {
            _listener?.Dispose();
            _listener = null;
        }

        foreach (var exchange in _exchanges.Keys)
        {
            exchange.Reset();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        GoDown();
        await _accepting;
        await Task.WhenAll(_exchanges.Values);
        _reserved.Dispose();
        _ended.Dispose();
    }

    internal Fault? FaultOf(ProxiedRequest request)
    {
        _requests.Enqueue(request);
        lock (_lock)
        {
            return _rules.Find(rule => rule.Hit(request))?.Fault;
        }
    }

    private static Socket NewSocket()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        return socket;
    }

    private void ComeUp()
    {
        lock (_lock)
        {
            if (_listener is null)
            {
                _listener = NewSocket();
                _listener.Bind(_reserved.LocalEndPoint!);
                _listener.Listen();
                _accepting = AcceptAsync(_listener);
            }
        }
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                var exchange = new ProxiedExchange(this, await listener.AcceptAsync(_ended.Token));
                var passing = exchange.RunAsync();
                _exchanges[exchange] = passing;
                _ = passing.ContinueWith(_ => _exchanges.TryRemove(exchange, out var _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Down.
        }
    }
}

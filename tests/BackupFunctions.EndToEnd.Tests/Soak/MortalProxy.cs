using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace BackupFunctions.EndToEnd.Tests.Soak;

/// <summary>A loopback port before a store that dies with all its connections, and comes back on the same port.</summary>
internal sealed class MortalProxy(int destination) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<TcpClient, bool> _connections = new();
    private readonly ConcurrentBag<Task> _passing = [];
    private TcpListener? _listener;

    public int Port { get; private set; }

    public void Live()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _passing.Add(AcceptAsync(_listener));
    }

    public void Die()
    {
        _listener?.Stop();
        _listener = null;
        foreach (var connection in _connections.Keys)
        {
            Reset(connection);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Die();
        await Task.WhenAll(_passing);
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                _passing.Add(PassAsync(await listener.AcceptTcpClientAsync()));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // It died.
        }
    }

    private async Task PassAsync(TcpClient near)
    {
        using var far = new TcpClient();
        _connections[near] = true;
        _connections[far] = true;
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, destination);
            await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream()), far.GetStream().CopyToAsync(near.GetStream()));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // One end is gone: so is the other.
        }
        finally
        {
            _connections.TryRemove(far, out _);
            _connections.TryRemove(near, out _);
            Reset(near);
        }
    }

    private static void Reset(TcpClient connection)
    {
        try
        {
            connection.Client.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or NullReferenceException)
        {
            // Closed already.
        }

        connection.Close();
    }
}

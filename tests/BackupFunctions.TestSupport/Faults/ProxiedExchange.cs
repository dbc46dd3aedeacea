using System.Net;
using System.Net.Sockets;

namespace BackupFunctions.TestSupport.Faults;

/// <summary>One connection, one request, one answer, and what a rule makes of them.</summary>
internal sealed class ProxiedExchange(FaultProxy proxy, Socket client) : IDisposable
{
    private readonly Socket _store = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public async Task RunAsync()
    {
        using (this)
        {
            try
            {
                client.NoDelay = true;
                await PassAsync();
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
            {
                // One end is gone: so is the other.
                Reset();
            }
        }
    }

    public void Dispose()
    {
        client.Dispose();
        _store.Dispose();
    }

    /// <summary>An end without the handshake, as of a machine that lost its power and came back.</summary>
    public void Reset()
    {
        Abort(client);
        Abort(_store);
    }

    private static void Abort(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Not connected any more.
        }

        socket.Dispose();
    }

    private async Task PassAsync()
    {
        await using var here = new NetworkStream(client);
        var head = new HttpHead();
        if (!await head.ReadAsync(here, proxy.Ended))
        {
            return;
        }

        var request = new ProxiedRequest(head.Bytes);
        var fault = proxy.FaultOf(request);
        if (fault is AnswerFault answer)
        {
            await AnswerAsync(here, request, head, answer);
            return;
        }

        if (fault is EventFault before)
        {
            await before.Happens();
        }

        await _store.ConnectAsync(IPAddress.Loopback, proxy.Destination, proxy.Ended);
        await using var there = new NetworkStream(_store);
        var broken = fault as BreakFault;
        await SendAsync(there, request.Head(), FaultPlace.RequestHead, broken);
        var sending = SendBodyAsync(here, there, head.Rest, request.ContentLength, broken);
        var answering = ReturnAsync(there, here, request, broken);
        // A fault on the way there ends the exchange although the store may wait for the rest.
        await await Task.WhenAny(answering, FaultOf(sending, answering));
        await HangUpAsync(here);
    }

    /// <summary>A client that is still sending would take the end of the connection for a reset, and miss the answer.</summary>
    private async Task HangUpAsync(NetworkStream here)
    {
        client.Shutdown(SocketShutdown.Send);
        var block = new byte[64 * 1024];
        while (await here.ReadAsync(block, proxy.Ended) > 0)
        {
            // Until the client has hung up too.
        }
    }

    /// <summary>A store that refuses what it has not read to the end hangs up on the way there, and has answered.</summary>
    private static async Task FaultOf(Task sending, Task answering)
    {
        try
        {
            await sending;
        }
        catch (Exception e) when (e is (IOException or SocketException) and not FaultHappenedException)
        {
            // What it answered counts.
        }

        await answering;
    }

    private async Task AnswerAsync(NetworkStream here, ProxiedRequest request, HttpHead head, AnswerFault answer)
    {
        if (!request.WaitsForContinue)
        {
            var left = request.ContentLength - head.Rest.Length;
            var block = new byte[64 * 1024];
            while (left > 0 && await here.ReadAsync(block, proxy.Ended) is var read and > 0)
            {
                left -= read;
            }
        }

        await here.WriteAsync(answer.Bytes(withBody: request.Method is not "HEAD"), proxy.Ended);
        await HangUpAsync(here);
    }

    private async Task SendBodyAsync(NetworkStream here, NetworkStream there, ReadOnlyMemory<byte> first, long length, BreakFault? fault)
    {
        var passing = new BreakingPassage(this, there, fault?.Place == FaultPlace.RequestBody ? fault : null, length);
        await passing.WriteAsync(first, proxy.Ended);
        await passing.CopyAsync(here, length - first.Length, proxy.Ended);
    }

    private async Task ReturnAsync(NetworkStream there, NetworkStream here, ProxiedRequest request, BreakFault? fault)
    {
        var head = new HttpHead();
        while (await head.ReadAsync(there, proxy.Ended))
        {
            if (head.Status is >= 100 and < 200)
            {
                // "100 Continue" is no answer yet.
                await here.WriteAsync(head.Bytes, proxy.Ended);
                head = head.Next();
                continue;
            }

            await SendAsync(here, head.Bytes, FaultPlace.ResponseHead, fault);
            var passing = new BreakingPassage(this, here, fault?.Place == FaultPlace.ResponseBody ? fault : null, head.ContentLength);
            await passing.WriteAsync(head.Rest, proxy.Ended);
            await passing.CopyAsync(there, request.Method is "HEAD" ? 0 : head.ContentLength - head.Rest.Length, proxy.Ended);
            return;
        }
    }

    private async Task SendAsync(NetworkStream to, ReadOnlyMemory<byte> head, FaultPlace place, BreakFault? fault) =>
        await new BreakingPassage(this, to, fault?.Place == place ? fault : null, head.Length).WriteAsync(head, proxy.Ended);

    internal async Task BreakAsync(FaultKind kind)
    {
        switch (kind)
        {
            case FaultKind.Hold:
                await Task.Delay(Timeout.Infinite, proxy.Ended);
                break;
            case FaultKind.GoDown:
                proxy.GoDown();
                break;
            default:
                Reset();
                break;
        }

        throw new FaultHappenedException();
    }
}

using System.Net.Sockets;

namespace BackupFunctions.Storage.Remote;

/// <summary>The connections of a target: quick to give up connecting, and honest about how much of an upload has left the machine.</summary>
internal static class HttpConnections
{
    // Numbers of Linux: tcp(7).
    private const int TcpLevel = 6;
    private const int NotSentLowWatermark = 25;
    private const int NotSentBytes = 128 * 1024;

    /// <summary>Without a time-out of its own: that is <see cref="StallClock"/>.</summary>
    public static HttpClient CreateClient(TimeSpan connectTimeout) => new(new SocketsHttpHandler
    {
        ConnectTimeout = connectTimeout,
        ConnectCallback = ConnectAsync,
        AllowAutoRedirect = false,
        // A store moves to other addresses; long jobs must follow.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>
    /// The kernel would take megabytes that a slow link carries for minutes, which looks like silence of the store. With a limit on what
    /// is not sent yet, taking a portion means that the link moves; what is in flight is not limited, and so the speed is not.
    /// </summary>
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (OperatingSystem.IsLinux())
            {
                socket.SetRawSocketOption(TcpLevel, NotSentLowWatermark, BitConverter.GetBytes(NotSentBytes));
            }

            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

using System.Net;
using System.Net.Sockets;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Storage.Remote;

namespace BackupFunctions.Storage.Checks;

/// <summary>Name resolution, connection and clock, without credentials: any HTTP answer will do.</summary>
internal sealed class HttpProbe(Uri endpoint, TimeProvider time)
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Beyond this S3 and Azure refuse signatures (Amazon S3 API reference, RequestTimeTooSkewed; Azure Storage, "Authorize with Shared Key").</summary>
    private static readonly TimeSpan MostSkew = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan NotableSkew = TimeSpan.FromSeconds(60);

    private DateTimeOffset? _theirs;
    private DateTimeOffset _ours;

    public async Task<TargetFinding> ConnectAsync(CancellationToken cancellationToken)
    {
        var addresses = await ResolveAsync(cancellationToken);
        if (addresses.Length == 0)
        {
            return Failed($"The name {endpoint.Host} cannot be resolved: check the endpoint in the settings and the DNS of this machine.");
        }

        try
        {
            await AskAsync(cancellationToken);
            return new TargetFinding(TargetCheckNames.Connect, CheckStatus.Ok, $"{endpoint.Authority} answers at {addresses[0]}.");
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            return Failed($"The TLS certificate of {endpoint.Authority} is not trusted: install the authority that signed it, or correct the endpoint.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return Failed($"{endpoint.Authority} ({addresses[0]}) does not answer: {Cause(e)}; check the firewall and that the service runs.");
        }
    }

    /// <summary>After <see cref="ConnectAsync"/>.</summary>
    public TargetFinding Clock()
    {
        if (_theirs is not { } theirs)
        {
            return new TargetFinding(TargetCheckNames.Clock, CheckStatus.Ok, "The answer has no Date header: the clock cannot be compared.");
        }

        var skew = (_ours - theirs).Duration();
        var text = $"The clock of this machine differs from the target's by {skew.TotalSeconds:0} s";
        return skew switch
        {
            _ when skew >= MostSkew => new TargetFinding(TargetCheckNames.Clock, CheckStatus.Fail, $"{text}, and signatures are refused: set it (NTP)."),
            _ when skew >= NotableSkew => new TargetFinding(TargetCheckNames.Clock, CheckStatus.Warn, $"{text}; from 15 minutes on signatures are refused: set it (NTP)."),
            _ => new TargetFinding(TargetCheckNames.Clock, CheckStatus.Ok, $"{text}."),
        };
    }

    private static TargetFinding Failed(string sentence) => new(TargetCheckNames.Connect, CheckStatus.Fail, sentence);

    private static string Cause(Exception exception) =>
        exception is OperationCanceledException ? "nothing came back in time" : exception.GetBaseException().Message.TrimEnd('.');

    private async Task<IPAddress[]> ResolveAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(endpoint.DnsSafeHost, cancellationToken);
        }
        catch (SocketException)
        {
            return [];
        }
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(AnswerTimeout);
        using var http = HttpConnections.CreateClient(ConnectTimeout);
        using var request = new HttpRequestMessage(HttpMethod.Head, new Uri(endpoint.GetLeftPart(UriPartial.Authority)));
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        (_ours, _theirs) = (time.GetUtcNow(), response.Headers.Date);
    }
}

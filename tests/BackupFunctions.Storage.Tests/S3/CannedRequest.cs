using System.Net;

namespace BackupFunctions.Storage.Tests.S3;

/// <summary>Method, path with query, and headers of a request as they went over the wire.</summary>
internal sealed record CannedRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers)
{
    public static CannedRequest Of(HttpListenerRequest request) => new(
        request.HttpMethod, request.RawUrl!,
        request.Headers.AllKeys.ToDictionary(name => name!, name => request.Headers[name]!, StringComparer.OrdinalIgnoreCase));
}

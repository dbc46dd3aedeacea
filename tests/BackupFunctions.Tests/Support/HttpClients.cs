namespace BackupFunctions.Tests.Support;

/// <summary>Plain clients, as the app's factory makes them.</summary>
internal sealed class HttpClients : IHttpClientFactory
{
    public HttpClient CreateClient(string name) => new();
}

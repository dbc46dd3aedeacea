using Amazon.Runtime;
using BackupFunctions.Storage.Remote;

namespace BackupFunctions.Storage.S3;

/// <summary>Gives the SDK our connections.</summary>
internal sealed class S3HttpClients(TimeSpan connectTimeout) : HttpClientFactory
{
    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => HttpConnections.CreateClient(connectTimeout);

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;
}

using Azure.Storage.Blobs;
using BackupFunctions.Storage.Remote;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Storage.AzureBlob;

/// <summary>A container and the client that reaches it.</summary>
internal sealed class AzureBlobConnection : RemoteConnection
{
    private readonly HttpClient _http;

    private AzureBlobConnection(
        string target, AzureBlobTargetOptions options, AzureBlobErrors errors, BlobContainerClient container, HttpClient http, ILogger logger)
        : base(target, options, errors, logger) =>
        (Container, BlobErrors, _http) = (container, errors, http);

    public BlobContainerClient Container { get; }

    public AzureBlobErrors BlobErrors { get; }

    public static AzureBlobConnection Create(string target, AzureBlobTargetOptions options, ILogger logger)
    {
        var http = HttpConnections.CreateClient(options.ConnectTimeout);
        try
        {
            var container = AzureBlobClientFactory.Create(target, options, http);

            // Without the query, which holds the signature of a SAS.
            var place = container.Uri.GetLeftPart(UriPartial.Authority);
            var errors = new AzureBlobErrors(target, place, container.Name, AzureBlobCredentials.Describe(options));
            return new AzureBlobConnection(target, options, errors, container, http, logger);
        }
        catch
        {
            http.Dispose();
            throw;
        }
    }

    public override void Dispose()
    {
        _http.Dispose();
        base.Dispose();
    }
}

using Azure.Core.Pipeline;
using Azure.Storage;
using Azure.Storage.Blobs;
using BackupFunctions.Storage.Remote;

namespace BackupFunctions.Storage.AzureBlob;

/// <summary>Clients without retries and time-outs of the SDK: those are <see cref="Retries"/> and <see cref="StallClock"/>.</summary>
internal static class AzureBlobClientFactory
{
    /// <exception cref="Contracts.PgdrException">The options cannot be used (settings.invalid).</exception>
    public static BlobContainerClient Create(string target, AzureBlobTargetOptions options, HttpClient http)
    {
        if (AzureBlobCredentials.Problem(options) is { } problem)
        {
            throw AzureBlobCredentials.Unusable(target, problem);
        }

        var settings = new BlobClientOptions
        {
            Transport = new HttpClientTransport(http),
            Retry = { MaxRetries = 0, NetworkTimeout = Timeout.InfiniteTimeSpan },
            Diagnostics = { IsLoggingEnabled = false, IsTelemetryEnabled = false, IsDistributedTracingEnabled = false },
        };
        try
        {
            return options switch
            {
                { ConnectionString: { } text } => new BlobContainerClient(text, options.Container, settings),
                { SasUrl: { } url } => WithSas(new Uri(url), options.Container, settings),
                { AccountKey: { } key } => new BlobContainerClient(
                    ContainerUri(options), new StorageSharedKeyCredential(AzureBlobCredentials.AccountName(options), key), settings),
                _ => new BlobContainerClient(ContainerUri(options), AzureBlobCredentials.Identity(options), settings),
            };
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
        {
            // Its message may show a part of the secret.
            throw AzureBlobCredentials.Unusable(target, $"{AzureBlobCredentials.Describe(options)} is not well-formed ({e.GetType().Name})");
        }
    }

    private static BlobContainerClient WithSas(Uri url, string? container, BlobClientOptions settings)
    {
        var parts = new BlobUriBuilder(url);
        if (container is { Length: > 0 })
        {
            parts.BlobContainerName = container;
        }

        return parts.BlobContainerName.Length > 0
            ? new BlobContainerClient(parts.ToUri(), settings)
            : throw new FormatException("no container");
    }

    private static Uri ContainerUri(AzureBlobTargetOptions options) =>
        new BlobUriBuilder(options.Endpoint) { BlobContainerName = options.Container }.ToUri();
}

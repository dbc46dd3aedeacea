using Azure.Storage.Blobs;

namespace BackupFunctions.Faults.Tests.Support;

internal sealed class ContainerStore(BlobContainerClient container) : Store
{
    public override async Task<byte[]> GetAsync(string key) => (await container.GetBlobClient(key).DownloadContentAsync()).Value.Content.ToArray();

    public override Task PutAsync(string key, byte[] bytes) => container.GetBlobClient(key).UploadAsync(new BinaryData(bytes), overwrite: true);

    public override Task DeleteAsync(string key) => container.GetBlobClient(key).DeleteAsync();

    public override async Task<IReadOnlyList<string>> ListAsync()
    {
        var keys = new List<string>();
        await foreach (var blob in container.GetBlobsAsync())
        {
            keys.Add(blob.Name);
        }

        return keys;
    }

    public override Task DestroyAsync() => container.DeleteAsync();
}

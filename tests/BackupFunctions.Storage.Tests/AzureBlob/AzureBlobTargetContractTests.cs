using BackupFunctions.Storage.AzureBlob;
using BackupFunctions.Storage.Tests.Contract;

namespace BackupFunctions.Storage.Tests.AzureBlob;

[Collection(AzuriteCollection.Name)]
public sealed class AzureBlobTargetContractTests(AzuriteFixture azurite) : ResumableTargetContract
{
    private string _container = "";

    protected override bool KnowsUnfinished => false;

    protected override async Task<IStorageTarget> CreateTargetAsync()
    {
        _container = await azurite.Server.CreateContainerAsync();
        return new AzureBlobTarget("blob", azurite.Options(_container));
    }

    /// <summary>Staged blocks cannot be dropped by request, the service does so after a week; what must not be there is a blob of them.</summary>
    protected override async Task<int> UnfinishedAsync()
    {
        var blobs = await azurite.Server.Client(_container).GetBlobsAsync().AllAsync();
        return blobs.Count(blob => blob.Name is "aborted" or "canceled");
    }
}

using System.Net;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using BackupFunctions.Storage.Remote;

namespace BackupFunctions.Storage.AzureBlob;

/// <summary>
/// "Put Blob", or "Put Block" and "Put Block List", all with the MD5 that the service checks, and never over an existing blob.
/// </summary>
internal sealed class AzureBlobUploads(AzureBlobConnection connection, string key) : IResumablePartUploads
{
    private readonly BlockBlobClient _blob = connection.Container.GetBlockBlobClient(key);

    /// <summary>
    /// Staged blocks belong to the blob, not to who staged them: names of our own keep two writers apart. Null where blocks are named after
    /// the MD5 of their bytes, which the service checks on receipt: two copies of one object may share those.
    /// </summary>
    private string? _upload = Guid.NewGuid().ToString("N");

    public Task<bool> PutAsync(PartBuffer content, byte[] md5, CancellationToken cancellationToken) => UnlessTakenAsync(
        $"writing {key}",
        clock => _blob.UploadAsync(
            new UploadBody(content.Bytes, content.Count, clock),
            new BlobUploadOptions
            {
                Conditions = OnlyNew(),
                // The SDK takes no hash that is known already here, and makes it again.
                TransferValidation = new UploadTransferValidationOptions { ChecksumAlgorithm = StorageChecksumAlgorithm.MD5 },
                // One request: the SDK splits what is not smaller than this, into blocks whose names two writers would share.
                TransferOptions = new StorageTransferOptions { InitialTransferSize = content.Count + 1L, MaximumConcurrency = 1 },
            },
            clock.Token),
        connection.StallTimeout * 2,
        cancellationToken);

    /// <summary>Blocks need no beginning.</summary>
    public Task BeginAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<IReadOnlyCollection<StoredPart>> TakeUpAsync(long size, CancellationToken cancellationToken)
    {
        _upload = null;
        return await connection.WriteAsync<IReadOnlyCollection<StoredPart>>(
            $"listing staged blocks of {key}",
            async clock =>
            {
                try
                {
                    var blocks = (await _blob.GetBlockListAsync(BlockListTypes.Uncommitted, cancellationToken: clock.Token)).Value.UncommittedBlocks;
                    return [.. blocks.Select(block => AzureBlobBlockName.Parse(block.Name, block.SizeLong)).OfType<StoredPart>()];
                }
                catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.BlobNotFound)
                {
                    return [];
                }
            },
            cancellationToken);
    }

    /// <summary>Blocks that another copy has joined are refused as a blob that exists.</summary>
    public bool IsEnded(StorageException answer) => false;

    public Task<string> PutPartAsync(int number, PartBuffer content, byte[] md5, CancellationToken cancellationToken)
    {
        var name = AzureBlobBlockName.Of(_upload ?? Convert.ToHexStringLower(md5), number);
        return connection.WriteAsync(
            $"writing block {number} of {key}",
            async clock =>
            {
                await _blob.StageBlockAsync(
                    name,
                    new UploadBody(content.Bytes, content.Count, clock),
                    new BlockBlobStageBlockOptions
                    {
                        TransferValidation = new UploadTransferValidationOptions
                        {
                            ChecksumAlgorithm = StorageChecksumAlgorithm.MD5,
                            PrecalculatedChecksum = md5,
                        },
                    },
                    clock.Token);
                return name;
            },
            cancellationToken);
    }

    public Task<bool> CompleteAsync(IReadOnlyList<StoredPart> parts, CancellationToken cancellationToken) => UnlessTakenAsync(
        $"completing {key}",
        clock => _blob.CommitBlockListAsync(
            parts.Select(part => part.Id), new CommitBlockListOptions { Conditions = OnlyNew() }, clock.Token),
        connection.StallTimeout * 4,
        cancellationToken);

    /// <summary>The service has no such request; it drops blocks that are not part of a blob after a week.</summary>
    public Task AbortAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static BlobRequestConditions OnlyNew() => new() { IfNoneMatch = ETag.All };

    private Task<bool> UnlessTakenAsync(
        string doing, Func<StallClock, Task<Response<BlobContentInfo>>> request, TimeSpan stallTimeout, CancellationToken cancellationToken) =>
        connection.WriteAsync(
            doing,
            async clock =>
            {
                try
                {
                    await request(clock);
                    return true;
                }
                catch (RequestFailedException e) when (IsTaken(e))
                {
                    return false;
                }
            },
            stallTimeout,
            cancellationToken);

    /// <summary>
    /// A committed blob also drops the blocks that another writer has staged for it: to that one they are an invalid list.
    /// </summary>
    private static bool IsTaken(RequestFailedException e) =>
        e.Status is (int)HttpStatusCode.PreconditionFailed || e.ErrorCode is "BlobAlreadyExists" or "InvalidBlockList";
}

using System.Net;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using BackupFunctions.Storage.Checks;
using BackupFunctions.Storage.Remote;
using BackupFunctions.Storage.Resume;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Storage.AzureBlob;

/// <summary>
/// A container of Azure Blob Storage, with a flat namespace (a hierarchical one lists folders as blobs). The service drops the blocks
/// of unfinished uploads after a week.
/// </summary>
public sealed class AzureBlobTarget : IRemoteTarget, IInspectableTarget, IVersionedTarget, ILockingTarget, IResumableTarget, IDisposable
{
    private readonly AzureBlobConnection _connection;
    private readonly AzureBlobTargetOptions _options;
    private readonly AzureBlobLocks _locks;
    private readonly AzureBlobVersions _versions;

    /// <exception cref="Contracts.PgdrException">The options cannot be used (settings.invalid).</exception>
    public AzureBlobTarget(string name, AzureBlobTargetOptions options, ILogger? logger = null)
    {
        (Name, _options) = (name, options);
        _connection = AzureBlobConnection.Create(name, options, logger ?? NullLogger.Instance);
        _locks = new AzureBlobLocks(_connection);
        _versions = new AzureBlobVersions(_connection);
    }

    public string Name { get; }

    ITargetInspection IInspectableTarget.Inspection => new AzureBlobInspection(_connection, _locks, _options.Lock);

    public LockPolicy? LockPolicy => _options.Lock;

    /// <summary>Address of the container, without a signature.</summary>
    public string Place => Container.Uri.GetLeftPart(UriPartial.Path);

    private BlobContainerClient Container => _connection.Container;

    public async Task<IObjectWriter> CreateAsync(string key, CancellationToken cancellationToken)
    {
        var existing = await FindAsync(key, forWrite: true, cancellationToken);
        return existing is null
            ? new RemoteObjectWriter(this, _connection, new AzureBlobUploads(_connection, key), key)
            : new ComparingObjectWriter(this, existing, await OpenReadAsync(key, 0, cancellationToken));
    }

    public Task<IResumingWriter> ResumeAsync(string key, ExpectedObject expected, CancellationToken cancellationToken) =>
        RemoteResume.OpenAsync(this, _connection, new AzureBlobUploads(_connection, key), key, expected, cancellationToken);

    public Task<Stream> OpenReadAsync(string key, long offset, CancellationToken cancellationToken) => OpenAsync(key, versionId: null, offset, cancellationToken);

    public Task<Stream> OpenReadVersionAsync(string key, string versionId, long offset, CancellationToken cancellationToken) =>
        OpenAsync(key, versionId is "" ? null : versionId, offset, cancellationToken);

    public Task<StoredObject?> FindAsync(string key, CancellationToken cancellationToken) => FindAsync(key, forWrite: false, cancellationToken);

    Task<StoredObject?> IRemoteTarget.FindForWriteAsync(string key, CancellationToken cancellationToken) =>
        FindAsync(key, forWrite: true, cancellationToken);

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ObjectKey.ValidatePrefix(Name, prefix);
        var pages = PagesAsync(
            prefix, token => Container.GetBlobsAsync(prefix: prefix, cancellationToken: token), cancellationToken);
        await foreach (var blob in pages)
        {
            yield return new StoredObject(blob.Name, blob.Properties.ContentLength ?? 0, blob.Properties.LastModified ?? default);
        }
    }

    public async IAsyncEnumerable<string> ListFoldersAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ObjectKey.ValidatePrefix(Name, prefix);
        var pages = PagesAsync(
            prefix,
            token => Container.GetBlobsByHierarchyAsync(delimiter: "/", prefix: prefix, cancellationToken: token),
            cancellationToken);
        await foreach (var item in pages)
        {
            if (item.IsPrefix)
            {
                yield return item.Prefix[prefix.Length..^1];
            }
        }
    }

    public Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        ObjectKey.Validate(Name, key);
        return _connection.WriteAsync(
            $"deleting {key}",
            async clock =>
            {
                try
                {
                    await Container.GetBlobClient(key).DeleteAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: clock.Token);
                    return true;
                }
                catch (RequestFailedException e) when (IsBlobAbsent(e))
                {
                    return false;
                }
            },
            cancellationToken);
    }

    public Task<DateTimeOffset?> FindLockAsync(string key, CancellationToken cancellationToken)
    {
        ObjectKey.Validate(Name, key);
        return _locks.FindAsync(key, cancellationToken);
    }

    public Task LockAsync(string key, DateTimeOffset until, CancellationToken cancellationToken)
    {
        ObjectKey.Validate(Name, key);
        return _locks.SetAsync(key, LockPolicy?.Mode ?? default, until, cancellationToken);
    }

    public async IAsyncEnumerable<StoredVersion> ListVersionsAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ObjectKey.ValidatePrefix(Name, prefix);
        var pages = PagesAsync(
            prefix, token => Container.GetBlobsAsync(BlobTraits.None, BlobStates.Version, prefix, token), cancellationToken);
        await foreach (var blob in pages)
        {
            yield return AzureBlobVersions.Of(blob);
        }
    }

    public Task DeleteVersionAsync(string key, string versionId, CancellationToken cancellationToken)
    {
        ObjectKey.Validate(Name, key);
        return versionId is "" ? DeleteAsync(key, cancellationToken) : _versions.DeleteAsync(key, versionId, cancellationToken);
    }

    public void Dispose() => _connection.Dispose();

    /// <summary>Anything but this, the container's own absence above all, is not known absence of the blob.</summary>
    private static bool IsBlobAbsent(RequestFailedException e) => e.ErrorCode == BlobErrorCode.BlobNotFound;

    private Task<Stream> OpenAsync(string key, string? versionId, long offset, CancellationToken cancellationToken)
    {
        ObjectKey.Validate(Name, key);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var options = new BlobDownloadOptions { Range = offset == 0 ? default : new HttpRange(offset) };
        return _connection.ReadAsync<Stream>(
            $"reading {key}",
            async clock =>
            {
                try
                {
                    var download = (await Container.GetBlobClient(key).WithVersion(versionId).DownloadStreamingAsync(options, clock.Token)).Value;
                    return new RemoteReadStream(download.Content, download, _connection, key);
                }
                catch (RequestFailedException e) when (IsBlobAbsent(e))
                {
                    throw _connection.Errors.Absent(key, e);
                }
                catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.RequestedRangeNotSatisfiable)
                {
                    // The object ends at or before the offset.
                    return Stream.Null;
                }
            },
            cancellationToken);
    }

    private Task<StoredObject?> FindAsync(string key, bool forWrite, CancellationToken cancellationToken)
    {
        ObjectKey.Validate(Name, key);
        return _connection.AskAsync(
            forWrite,
            $"looking for {key}",
            async clock =>
            {
                try
                {
                    var properties = (await Container.GetBlobClient(key).GetPropertiesAsync(cancellationToken: clock.Token)).Value;
                    return new StoredObject(key, properties.ContentLength, properties.LastModified);
                }
                catch (RequestFailedException e) when (IsBlobAbsent(e))
                {
                    return null;
                }
            },
            cancellationToken);
    }

    private async IAsyncEnumerable<T> PagesAsync<T>(
        string prefix, Func<CancellationToken, AsyncPageable<T>> list, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : notnull
    {
        string? continuation = null;
        do
        {
            // Page by page, so that one that fails can be asked for again.
            var page = await _connection.ReadAsync(
                $"listing '{prefix}'",
                async clock =>
                {
                    await foreach (var answer in list(clock.Token).AsPages(continuation).WithCancellation(clock.Token))
                    {
                        return answer;
                    }

                    return null;
                },
                cancellationToken);
            foreach (var item in page?.Values ?? [])
            {
                yield return item;
            }

            continuation = page?.ContinuationToken;
        }
        while (!string.IsNullOrEmpty(continuation));
    }
}

using System.Net;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using BackupFunctions.Storage.Checks;
using BackupFunctions.Storage.Remote;
using BackupFunctions.Storage.Resume;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Storage.S3;

/// <summary>
/// A bucket of an S3-compatible store (R2, B2, AWS, Ceph, MinIO). Give the bucket a lifecycle rule that frees incomplete multipart
/// uploads after some days: a killed process cannot abort its own.
/// </summary>
public sealed class S3Target : IRemoteTarget, IInspectableTarget, IVersionedTarget, ILockingTarget, IResumableTarget, IUnfinishedUploads, IDisposable
{
    private readonly S3Connection _connection;
    private readonly S3ObjectLocks _locks;
    private readonly S3Versions _versions;
    private volatile bool _bucketSeen;

    /// <exception cref="Contracts.PgdrException">The options cannot be used (settings.invalid).</exception>
    public S3Target(string name, S3TargetOptions options, ILogger? logger = null)
    {
        Name = name;
        _connection = new S3Connection(name, options, logger ?? NullLogger.Instance);
        _locks = new S3ObjectLocks(_connection);
        _versions = new S3Versions(_connection, _locks);
    }

    public string Name { get; }

    ITargetInspection IInspectableTarget.Inspection => new S3Inspection(_connection, _locks);

    public LockPolicy? LockPolicy => _connection.Options.Lock;

    private AmazonS3Client Client => _connection.Client;

    private string Bucket => _connection.Options.Bucket;

    public async Task<IObjectWriter> CreateAsync(string key, CancellationToken cancellationToken)
    {
        var existing = await FindAsync(key, forWrite: true, cancellationToken);
        return existing is null
            ? new RemoteObjectWriter(this, _connection, new S3Uploads(_connection, key), key)
            : new ComparingObjectWriter(this, existing, await OpenReadAsync(key, 0, cancellationToken));
    }

    public Task<IResumingWriter> ResumeAsync(string key, ExpectedObject expected, CancellationToken cancellationToken) =>
        RemoteResume.OpenAsync(this, _connection, new S3Uploads(_connection, key), key, expected, cancellationToken);

    public IAsyncEnumerable<UnfinishedUpload> ListUnfinishedAsync(string prefix, CancellationToken cancellationToken)
    {
        ObjectKey.ValidatePrefix(Name, prefix);
        return new S3UnfinishedUploads(_connection).ListAsync(prefix, cancellationToken);
    }

    public Task AbortUnfinishedAsync(UnfinishedUpload upload, CancellationToken cancellationToken) =>
        new S3UnfinishedUploads(_connection).AbortAsync(upload, cancellationToken);

    public Task<Stream> OpenReadAsync(string key, long offset, CancellationToken cancellationToken) => OpenAsync(key, versionId: null, offset, cancellationToken);

    public Task<Stream> OpenReadVersionAsync(string key, string versionId, long offset, CancellationToken cancellationToken) =>
        OpenAsync(key, versionId is "" ? null : versionId, offset, cancellationToken);

    public Task<StoredObject?> FindAsync(string key, CancellationToken cancellationToken) => FindAsync(key, forWrite: false, cancellationToken);

    Task<StoredObject?> IRemoteTarget.FindForWriteAsync(string key, CancellationToken cancellationToken) =>
        FindAsync(key, forWrite: true, cancellationToken);

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in PagesAsync(prefix, delimiter: null, cancellationToken))
        {
            foreach (var found in page.S3Objects ?? [])
            {
                yield return new StoredObject(found.Key, found.Size ?? 0, Utc(found.LastModified));
            }
        }
    }

    public async IAsyncEnumerable<string> ListFoldersAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in PagesAsync(prefix, "/", cancellationToken))
        {
            foreach (var folder in page.CommonPrefixes ?? [])
            {
                yield return folder[prefix.Length..^1];
            }
        }
    }

    public Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        ObjectKey.Validate(Name, key);
        return _connection.WriteAsync($"deleting {key}", clock => Client.DeleteObjectAsync(Bucket, key, clock.Token), cancellationToken);
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
        var any = false;
        await foreach (var page in _versions.PagesAsync(prefix, cancellationToken))
        {
            foreach (var version in page.Versions ?? [])
            {
                any = true;
                yield return new StoredVersion(version.Key, version.VersionId, version.Size ?? 0)
                {
                    IsDeletionMarker = version.IsDeleteMarker == true,
                    IsLatest = version.IsLatest == true,
                    LastModified = Utc(version.LastModified),
                };
            }
        }

        if (!any)
        {
            // The store has no such request, or there is nothing, or it answers with a plain listing: what it holds must not seem gone.
            await foreach (var only in ListAsync(prefix, cancellationToken))
            {
                yield return new StoredVersion(only.Key, "", only.Size) { IsLatest = true, LastModified = only.LastModified };
            }
        }
    }

    public Task DeleteVersionAsync(string key, string versionId, CancellationToken cancellationToken)
    {
        ObjectKey.Validate(Name, key);
        return versionId is "" ? DeleteAsync(key, cancellationToken) : _versions.DeleteAsync(key, versionId, cancellationToken);
    }

    public void Dispose() => _connection.Dispose();

    private static DateTimeOffset Utc(DateTime? time) => new(time?.ToUniversalTime() ?? DateTime.UnixEpoch);

    private Task<Stream> OpenAsync(string key, string? versionId, long offset, CancellationToken cancellationToken)
    {
        ObjectKey.Validate(Name, key);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var request = new GetObjectRequest
        {
            BucketName = Bucket,
            Key = key,
            VersionId = versionId,
            ByteRange = offset == 0 ? null : new ByteRange($"bytes={offset}-"),
        };
        return _connection.ReadAsync<Stream>(
            $"reading {key}",
            async clock =>
            {
                try
                {
                    var response = await Client.GetObjectAsync(request, clock.Token);
                    return new RemoteReadStream(response.ResponseStream, response, _connection, key);
                }
                catch (AmazonS3Exception e) when (e.ErrorCode is "NoSuchKey" or "NoSuchVersion")
                {
                    throw _connection.Errors.Absent(key, e);
                }
                catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
                {
                    // The object ends at or before the offset.
                    return Stream.Null;
                }
            },
            cancellationToken);
    }

    private async Task<StoredObject?> FindAsync(string key, bool forWrite, CancellationToken cancellationToken)
    {
        ObjectKey.Validate(Name, key);
        StoredObject? found;
        try
        {
            found = await HeadAsync(key, forWrite, cancellationToken);
        }
        catch (StorageException e) when (e.InnerException is AmazonS3Exception { StatusCode: HttpStatusCode.Forbidden })
        {
            throw await NamedAsync(e, forWrite, cancellationToken);
        }

        if (found is null && !_bucketSeen)
        {
            await FindBucketAsync(forWrite, cancellationToken);
            _bucketSeen = true;
        }

        return found;
    }

    private Task<StoredObject?> HeadAsync(string key, bool forWrite, CancellationToken cancellationToken) => _connection.AskAsync(
        forWrite,
        $"looking for {key}",
        async clock =>
        {
            try
            {
                var metadata = await Client.GetObjectMetadataAsync(Bucket, key, clock.Token);
                return new StoredObject(key, metadata.ContentLength, Utc(metadata.LastModified));
            }
            catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
            {
                return null;
            }
        },
        cancellationToken);

    private async IAsyncEnumerable<ListObjectsV2Response> PagesAsync(
        string prefix, string? delimiter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ObjectKey.ValidatePrefix(Name, prefix);
        var request = new ListObjectsV2Request { BucketName = Bucket, Prefix = prefix, Delimiter = delimiter };
        do
        {
            var page = await _connection.ReadAsync(
                $"listing '{prefix}'", clock => Client.ListObjectsV2Async(request, clock.Token), cancellationToken);
            yield return page;
            request.ContinuationToken = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (request.ContinuationToken is not null);
    }

    /// <summary>HEAD is refused without a word, be it the key, its secret or the clock; a listing tells, unless it is another right.</summary>
    private async Task<StorageException> NamedAsync(StorageException refusal, bool forWrite, CancellationToken cancellationToken)
    {
        try
        {
            await FindBucketAsync(forWrite, cancellationToken);
            return refusal;
        }
        catch (StorageException e)
        {
            var isNamed = e.Code is Contracts.ErrorCodes.TargetRefused && e.InnerException is AmazonS3Exception { ErrorCode: not "AccessDenied" };
            return isNamed ? e : refusal;
        }
    }

    /// <summary>HEAD answers 404 without a word on whether the object or the whole bucket is missing; a listing tells.</summary>
    private Task FindBucketAsync(bool forWrite, CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = Bucket, MaxKeys = 1 };
        return _connection.AskAsync(
            forWrite, "looking for the bucket", clock => Client.ListObjectsV2Async(request, clock.Token), cancellationToken);
    }
}

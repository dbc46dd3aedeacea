using System.Net;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using BackupFunctions.Storage.Checks;
using BackupFunctions.Storage.Remote;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Storage.S3;

/// <summary>
/// A bucket of an S3-compatible store (R2, B2, AWS, Ceph, MinIO). Give the bucket a lifecycle rule that frees incomplete multipart
/// uploads after some days: a killed process cannot abort its own.
/// </summary>
public sealed class S3Target : IRemoteTarget, IInspectableTarget, IDisposable
{
    private readonly S3Connection _connection;
    private volatile bool _bucketSeen;

    /// <exception cref="Contracts.PgdrException">The options cannot be used (settings.invalid).</exception>
    public S3Target(string name, S3TargetOptions options, ILogger? logger = null)
    {
        Name = name;
        _connection = new S3Connection(name, options, logger ?? NullLogger.Instance);
    }

    public string Name { get; }

    ITargetInspection IInspectableTarget.Inspection => new S3Inspection(_connection);

    private AmazonS3Client Client => _connection.Client;

    private string Bucket => _connection.Options.Bucket;

    public async Task<IObjectWriter> CreateAsync(string key, CancellationToken cancellationToken)
    {
        var existing = await FindAsync(key, forWrite: true, cancellationToken);
        return existing is null
            ? new RemoteObjectWriter(this, _connection, new S3Uploads(_connection, key), key)
            : new ComparingObjectWriter(this, existing, await OpenReadAsync(key, 0, cancellationToken));
    }

    public Task<Stream> OpenReadAsync(string key, long offset, CancellationToken cancellationToken)
    {
        ObjectKey.Validate(Name, key);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var request = new GetObjectRequest
        {
            BucketName = Bucket,
            Key = key,
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
                catch (AmazonS3Exception e) when (e.ErrorCode is "NoSuchKey")
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

    public void Dispose() => _connection.Dispose();

    private static DateTimeOffset Utc(DateTime? time) => new(time?.ToUniversalTime() ?? DateTime.UnixEpoch);

    private async Task<StoredObject?> FindAsync(string key, bool forWrite, CancellationToken cancellationToken)
    {
        ObjectKey.Validate(Name, key);
        var found = await _connection.AskAsync(
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
        if (found is null)
        {
            await EnsureBucketAsync(forWrite, cancellationToken);
        }

        return found;
    }

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

    /// <summary>HEAD answers 404 without a word on whether the object or the whole bucket is missing; a listing tells.</summary>
    private async Task EnsureBucketAsync(bool forWrite, CancellationToken cancellationToken)
    {
        if (!_bucketSeen)
        {
            var request = new ListObjectsV2Request { BucketName = Bucket, MaxKeys = 1 };
            await _connection.AskAsync(
                forWrite, "looking for the bucket", clock => Client.ListObjectsV2Async(request, clock.Token), cancellationToken);
            _bucketSeen = true;
        }
    }
}

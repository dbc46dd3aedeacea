using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using BackupFunctions.Contracts;
using BackupFunctions.Storage.Remote;
using BackupFunctions.Storage.Resume;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Storage.S3;

/// <summary>
/// Multipart uploads that were never completed. Permissions: Amazon S3 user guide, "Required permissions for Amazon S3 API operations".
/// MinIO lists those of a whole key only, and frees abandoned ones by itself.
/// </summary>
internal sealed class S3UnfinishedUploads(S3Connection connection)
{
    public const string ListPermission = "s3:ListBucketMultipartUploads";
    public const string AbortPermission = "s3:AbortMultipartUpload";

    private string Bucket => connection.Options.Bucket;

    public async IAsyncEnumerable<UnfinishedUpload> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListMultipartUploadsRequest { BucketName = Bucket, Prefix = prefix };
        bool more;
        do
        {
            var page = await PageAsync(request, cancellationToken);
            foreach (var upload in page.MultipartUploads ?? [])
            {
                var began = upload.Initiated?.ToUniversalTime() ?? DateTime.MaxValue;
                yield return new UnfinishedUpload(upload.Key, upload.UploadId, new DateTimeOffset(began, TimeSpan.Zero));
            }

            more = page.IsTruncated == true;
            (request.KeyMarker, request.UploadIdMarker) = (page.NextKeyMarker, page.NextUploadIdMarker);
        }
        while (more);
    }

    public Task AbortAsync(UnfinishedUpload upload, CancellationToken cancellationToken)
    {
        var doing = $"freeing an unfinished upload of {upload.Key}";
        var request = new AbortMultipartUploadRequest { BucketName = Bucket, Key = upload.Key, UploadId = upload.Id };
        return connection.WriteAsync(
            doing,
            async clock =>
            {
                try
                {
                    await connection.Client.AbortMultipartUploadAsync(request, clock.Token);
                    return true;
                }
                catch (AmazonS3Exception e) when (e.ErrorCode is "NoSuchUpload")
                {
                    return false;
                }
                catch (AmazonS3Exception e) when (e.ErrorCode is "AccessDenied")
                {
                    throw connection.S3Errors.Forbidden(doing, AbortPermission, e);
                }
            },
            cancellationToken);
    }

    /// <summary>
    /// The newest upload of a key into which the parts of an object of this size fit. One with parts of other sizes is left alone: R2 joins
    /// parts of equal size only. Null also where these credentials may not ask, which costs sending again, not the copy.
    /// </summary>
    public async Task<S3FoundUpload?> FindAsync(string key, long size, CancellationToken cancellationToken)
    {
        try
        {
            var uploads = new List<UnfinishedUpload>();
            await foreach (var upload in ListAsync(key, cancellationToken))
            {
                if (string.Equals(upload.Key, key, StringComparison.Ordinal))
                {
                    uploads.Add(upload);
                }
            }

            foreach (var upload in uploads.OrderByDescending(upload => upload.LastUsed).ThenBy(upload => upload.Id, StringComparer.Ordinal))
            {
                if (await PartsAsync(upload, cancellationToken) is { } parts && parts.All(part => part.Size == SizeOf(part.PartNumber ?? 0, size)))
                {
                    return new S3FoundUpload(upload.Id, [.. parts.Select(Stored).OfType<StoredPart>()]);
                }
            }
        }
        catch (StorageException e) when (e.Code is ErrorCodes.TargetRefused)
        {
            connection.Logger.LogWarning(
                "Target {Target}: an earlier upload of {Key} cannot be looked for, all of it is sent: {Cause}", connection.Target, key, e.Message);
        }

        return null;
    }

    /// <summary>An ETag that is no MD5 (keys of a key service) says nothing about the bytes.</summary>
    private static StoredPart? Stored(PartDetail part)
    {
        var eTag = part.ETag?.Trim('"') ?? "";
        return eTag.Length == 32 && eTag.All(char.IsAsciiHexDigit)
            ? new StoredPart(part.PartNumber ?? 0, (int)(part.Size ?? 0), Convert.FromHexString(eTag), part.ETag!)
            : null;
    }

    /// <summary>-1: an object of this size has no such part.</summary>
    private long SizeOf(int number, long size)
    {
        var rest = size - ((number - 1L) * connection.PartSize);
        return number > 0 && rest > 0 ? Math.Min(rest, connection.PartSize) : -1;
    }

    private Task<ListMultipartUploadsResponse> PageAsync(ListMultipartUploadsRequest request, CancellationToken cancellationToken)
    {
        var doing = $"listing unfinished uploads below '{request.Prefix}'";
        return connection.ReadAsync(
            doing,
            async clock =>
            {
                try
                {
                    return await connection.Client.ListMultipartUploadsAsync(request, clock.Token);
                }
                catch (AmazonS3Exception e) when (e.ErrorCode is "AccessDenied")
                {
                    throw connection.S3Errors.Forbidden(doing, ListPermission, e);
                }
            },
            cancellationToken);
    }

    /// <summary>Null: the upload is gone.</summary>
    private async Task<IReadOnlyList<PartDetail>?> PartsAsync(UnfinishedUpload upload, CancellationToken cancellationToken)
    {
        var parts = new List<PartDetail>();
        var request = new ListPartsRequest { BucketName = Bucket, Key = upload.Key, UploadId = upload.Id };
        bool more;
        do
        {
            ListPartsResponse page;
            try
            {
                page = await connection.ReadAsync(
                    $"listing parts of {upload.Key}", clock => connection.Client.ListPartsAsync(request, clock.Token), cancellationToken);
            }
            catch (StorageException e) when (e.InnerException is AmazonS3Exception { ErrorCode: "NoSuchUpload" })
            {
                return null;
            }

            parts.AddRange(page.Parts ?? []);
            more = page.IsTruncated == true;
            request.PartNumberMarker = page.NextPartNumberMarker?.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        while (more);
        return parts;
    }
}

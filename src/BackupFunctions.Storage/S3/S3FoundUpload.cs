using BackupFunctions.Storage.Remote;

namespace BackupFunctions.Storage.S3;

/// <param name="UploadId">Of a multipart upload that was never completed.</param>
/// <param name="Parts">Those whose ETag is an MD5.</param>
internal sealed record S3FoundUpload(string UploadId, IReadOnlyCollection<StoredPart> Parts);

using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Storage.Checks;

namespace BackupFunctions.Storage.S3;

/// <summary>What a bucket can do beyond the common ground.</summary>
internal sealed class S3Inspection(S3Connection connection, S3ObjectLocks locks) : ITargetInspection
{
    public Uri Endpoint { get; } = new(connection.Options.Endpoint);

    public long? FreeBytes => null;

    private S3Profile Profile => connection.Options.Profile;

    private string Bucket => connection.Options.Bucket;

    public TargetFinding? Unready() => null;

    public Task<TargetFinding> ConditionalWriteAsync(string key, byte[] content, CancellationToken cancellationToken) => connection.WriteAsync(
        "trying a conditional write",
        async clock =>
        {
            var request = new PutObjectRequest
            {
                BucketName = Bucket,
                Key = key,
                InputStream = new MemoryStream(content, writable: false),
                UseChunkEncoding = false,
                IfNoneMatch = "*",
            };
            try
            {
                await connection.Client.PutObjectAsync(request, clock.Token);
                return Conditional(
                    Profile.ConditionalPut ? CheckStatus.Warn : CheckStatus.Ok,
                    "The store takes If-None-Match and ignores it: objects are compared before they are written, which two writers at the same "
                    + "time can pass; set the profile to generic.");
            }
            catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.PreconditionFailed)
            {
                return Conditional(
                    CheckStatus.Ok,
                    Profile.ConditionalPut
                        ? "The store itself refuses to replace an object."
                        : $"The store itself refuses to replace an object, which the profile {Profile.Name} does not make use of.");
            }
            catch (AmazonS3Exception e) when (IsNotOffered(e))
            {
                return Profile.ConditionalPut
                    ? Conditional(CheckStatus.Fail, $"The store rejects conditional writes, which the profile {Profile.Name} relies on: set the profile to generic.")
                    : Conditional(CheckStatus.Ok, "The store offers no conditional writes; objects are compared before they are written.");
            }
        },
        cancellationToken);

    public Task<TargetFinding> VersioningAsync(string key, CancellationToken cancellationToken) => connection.ReadAsync(
        "reading whether versioning is on",
        async clock =>
        {
            try
            {
                var answer = await connection.Client.GetBucketVersioningAsync(
                    new GetBucketVersioningRequest { BucketName = Bucket }, clock.Token);
                return Versioning(answer.VersioningConfig?.Status?.Value is "Enabled"
                    ? "Versioning is on: what is deleted or replaced leaves an older version."
                    : "Versioning is off: what is deleted is gone at once.");
            }
            catch (AmazonS3Exception e) when (IsNotOffered(e) || e.StatusCode == HttpStatusCode.Forbidden)
            {
                return Versioning("The store does not tell, or these credentials may not ask, whether versioning is on.");
            }
        },
        cancellationToken);

    public Task<TargetFinding> LockAsync(CancellationToken cancellationToken) => Profile.Lock == S3LockKind.BucketRules
        ? Task.FromResult(Lock(CheckStatus.Ok, "Locks are rules of the bucket here, which S3 cannot read: check them in the service's own console."))
        : connection.ReadAsync(
            "reading whether objects can be locked",
            async clock =>
            {
                try
                {
                    var answer = await connection.Client.GetObjectLockConfigurationAsync(
                        new GetObjectLockConfigurationRequest { BucketName = Bucket }, clock.Token);
                    return answer.ObjectLockConfiguration?.ObjectLockEnabled == ObjectLockEnabled.Enabled ? await LockableAsync(cancellationToken) : Unlocked();
                }
                catch (AmazonS3Exception e) when (e.ErrorCode is "ObjectLockConfigurationNotFoundError")
                {
                    return Unlocked();
                }
                catch (AmazonS3Exception e) when (IsNotOffered(e))
                {
                    return Lock(CheckStatus.Warn, "The store offers no Object Lock: stolen credentials can erase what is here; keep another copy where they cannot.");
                }
                catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.Forbidden)
                {
                    return Lock(CheckStatus.Warn, "These credentials may not ask whether Object Lock is on: allow s3:GetBucketObjectLockConfiguration.");
                }
            },
            cancellationToken);

    private static bool IsNotOffered(AmazonS3Exception e) =>
        e.StatusCode is HttpStatusCode.NotImplemented or HttpStatusCode.BadRequest or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotFound;

    /// <summary>Tried on an object that does not exist: who may lock is told that it is absent, and nothing is locked.</summary>
    private async Task<TargetFinding> LockableAsync(CancellationToken cancellationToken)
    {
        if (connection.Options.Lock is not { } policy)
        {
            return Lock(CheckStatus.Ok, "Object Lock is on.");
        }

        try
        {
            var until = TimeProvider.System.GetUtcNow().AddMinutes(1);
            await locks.SetAsync($"{ProbeObject.Prefix}{Guid.NewGuid():N}-absent", policy.Mode, until, cancellationToken);
        }
        catch (StorageException e) when (e.Code is ErrorCodes.TargetRefused)
        {
            return Lock(CheckStatus.Warn, $"Object Lock is on, and backups cannot use it. {e.Message}");
        }
        catch (StorageException e) when (e.Code is ErrorCodes.ObjectAbsent)
        {
        }

        return Lock(CheckStatus.Ok, $"Object Lock is on; backups are locked for {policy.Period.TotalDays:0} days ({policy.Mode}).");
    }

    private TargetFinding Unlocked() => Lock(
        CheckStatus.Warn,
        connection.Options.Lock is null
            ? "Object Lock is off: stolen credentials can erase what is here; use a bucket that was created with Object Lock."
            : $"ObjectLock is set for this target, but bucket {Bucket} has no Object Lock, so no backup is locked: use a bucket that was created with Object Lock.");

    private static TargetFinding Conditional(CheckStatus status, string detail) => new(TargetCheckNames.ConditionalWrite, status, detail);

    private static TargetFinding Versioning(string detail) => new(TargetCheckNames.Versioning, CheckStatus.Ok, detail);

    private static TargetFinding Lock(CheckStatus status, string detail) => new(TargetCheckNames.Lock, status, detail);
}

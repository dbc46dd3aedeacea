using System.Net;
using Azure;
using Azure.Storage.Blobs.Models;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Storage.Checks;

namespace BackupFunctions.Storage.AzureBlob;

/// <summary>What a container can do beyond the common ground.</summary>
internal sealed class AzureBlobInspection(AzureBlobConnection connection, AzureBlobLocks locks, LockPolicy? policy) : ITargetInspection
{
    public Uri Endpoint => connection.Container.Uri;

    public long? FreeBytes => null;

    public TargetFinding? Unready() => null;

    public Task<TargetFinding> ConditionalWriteAsync(string key, byte[] content, CancellationToken cancellationToken) => connection.WriteAsync(
        "trying a conditional write",
        async clock =>
        {
            try
            {
                await connection.Container.GetBlobClient(key).UploadAsync(
                    new MemoryStream(content, writable: false),
                    new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } },
                    clock.Token);
                return Conditional(CheckStatus.Fail, "The service replaced a blob that it was told to keep: do not trust this target.");
            }
            catch (RequestFailedException e) when (e.Status is (int)HttpStatusCode.Conflict or (int)HttpStatusCode.PreconditionFailed)
            {
                return Conditional(CheckStatus.Ok, "The service itself refuses to replace a blob.");
            }
        },
        cancellationToken);

    public Task<TargetFinding> VersioningAsync(string key, CancellationToken cancellationToken) => connection.ReadAsync(
        "reading whether versioning is on",
        async clock =>
        {
            var properties = await connection.Container.GetBlobClient(key).GetPropertiesAsync(cancellationToken: clock.Token);
            return new TargetFinding(TargetCheckNames.Versioning, CheckStatus.Ok, properties.Value.VersionId is null
                ? "Versioning is off: what is deleted is gone at once, unless soft delete is on."
                : "Versioning is on: what is deleted or replaced leaves an older version.");
        },
        cancellationToken);

    public Task<TargetFinding> LockAsync(CancellationToken cancellationToken) =>
        policy is null ? ContainerPolicyAsync(cancellationToken) : LockableAsync(policy, cancellationToken);

    /// <summary>Tried on a blob that does not exist: who may set a policy is told that it is absent, and nothing is locked.</summary>
    private async Task<TargetFinding> LockableAsync(LockPolicy wanted, CancellationToken cancellationToken)
    {
        try
        {
            var until = TimeProvider.System.GetUtcNow().AddMinutes(1);
            await locks.SetAsync($"{ProbeObject.Prefix}{Guid.NewGuid():N}-absent", wanted.Mode, until, cancellationToken);
        }
        catch (StorageException e) when (e.Code is ErrorCodes.TargetRefused)
        {
            return Lock(CheckStatus.Warn, $"ObjectLock is set for this target, and no backup can be locked. {e.Message}");
        }
        catch (StorageException e) when (e.Code is ErrorCodes.ObjectAbsent)
        {
        }

        return Lock(CheckStatus.Ok, $"Immutability policies are taken; backups are locked for {wanted.Period.TotalDays:0} days ({wanted.Mode}).");
    }

    private Task<TargetFinding> ContainerPolicyAsync(CancellationToken cancellationToken) => connection.ReadAsync(
        "reading whether blobs can be locked",
        async clock =>
        {
            try
            {
                var properties = (await connection.Container.GetPropertiesAsync(cancellationToken: clock.Token)).Value;
                return properties.HasImmutabilityPolicy == true || properties.HasImmutableStorageWithVersioning
                    ? Lock(CheckStatus.Ok, "An immutability policy holds for this container.")
                    : Lock(CheckStatus.Warn, "No immutability policy holds: stolen credentials can erase what is here; set one on the container.");
            }
            catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.Forbidden)
            {
                return Lock(CheckStatus.Warn, "These credentials may not read the container's properties: whether an immutability policy holds is not known.");
            }
        },
        cancellationToken);

    private static TargetFinding Conditional(CheckStatus status, string detail) => new(TargetCheckNames.ConditionalWrite, status, detail);

    private static TargetFinding Lock(CheckStatus status, string detail) => new(TargetCheckNames.Lock, status, detail);
}

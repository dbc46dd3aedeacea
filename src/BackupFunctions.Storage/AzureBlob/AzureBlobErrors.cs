using System.Net;
using Azure;
using Azure.Identity;
using BackupFunctions.Contracts;
using BackupFunctions.Storage.Remote;

namespace BackupFunctions.Storage.AzureBlob;

/// <summary>Names of errors: Azure Storage REST reference, "Common REST API error codes" and "Blob service error codes".</summary>
internal sealed class AzureBlobErrors(string target, string place, string container, string credential) : RemoteErrors(target, place)
{
    private const int NoAnswer = 0;

    public override bool IsTransient(Exception exception) => exception switch
    {
        StorageException e => e.Code is ErrorCodes.TargetUnreachable,
        RequestFailedException { Status: not NoAnswer } e =>
            e.Status is 408 or 429 or (>= 500 and not 501 and not 507) || e.ErrorCode is "Md5Mismatch" or "ContainerBeingDeleted",
        RequestFailedException or HttpRequestException or IOException or TimeoutException => true,
        AuthenticationFailedException e => e is not CredentialUnavailableException && e.InnerException is not null && IsTransient(e.InnerException),
        AggregateException e => e.InnerExceptions.All(IsTransient),
        // The caller's cancellation ends retries anyway; any other is the connect time-out of the handler.
        OperationCanceledException => true,
        _ => false,
    };

    /// <param name="doing">What was asked.</param>
    /// <param name="permission">What it takes, in the words of Azure.</param>
    /// <param name="e">The refusal.</param>
    public StorageException Forbidden(string doing, string permission, RequestFailedException e) =>
        Refused($"it answered {Answer(e)} to {doing}: give {credential} in the settings {permission} in container {container}", e);

    public StorageException WithoutPolicies(string doing, RequestFailedException e) => Refused(
        $"it answered {Answer(e)} to {doing}: container {container} needs version-level immutability support, which is chosen when it is created, "
        + "or set ObjectLock of this target to none", e);

    protected override StorageException? Answered(string doing, Exception exception) => exception switch
    {
        RequestFailedException { Status: not NoAnswer } e => Answered(doing, e),
        AuthenticationFailedException e when !IsTransient(e) => Refused(
            $"no token could be had for {doing}: give this machine a managed identity or the variables AZURE_TENANT_ID, AZURE_CLIENT_ID "
            + "and AZURE_CLIENT_SECRET, or configure a key", e),
        _ => null,
    };

    private StorageException Answered(string doing, RequestFailedException e)
    {
        if (e.ErrorCode is "ContainerNotFound" or "ContainerBeingDeleted" or "InvalidResourceName")
        {
            return Refused($"container {container} does not exist at {Place}: create it or correct the setting", e);
        }

        if (e.Status == 507 || e.ErrorCode is "MemoryExtentStoreAtSizeLimit" or "AccountQuotaExceeded")
        {
            return Full(doing, Answer(e), $"container {container}", e);
        }

        if (IsTransient(e))
        {
            return AnsweredUnreachable(doing, e.Status, Answer(e), e);
        }

        return e.ErrorCode switch
        {
            _ when IsClock(e) => Refused("the clock of this machine is wrong: set it (NTP)", e),
            "BlobImmutableDueToPolicy" => Locked($"an immutability policy or a legal hold in container {container} forbids {doing} until it ends", e),
            "LeaseIdMissing" => Refused($"somebody holds a lease that forbids {doing}: break the lease", e),
            "AccountIsDisabled" => Refused("the storage account is disabled: check the subscription", e),
            _ when e.Status is (int)HttpStatusCode.Forbidden or (int)HttpStatusCode.Unauthorized => Refused(
                $"it answered {Answer(e)} to {doing}: check that {credential} in the settings may do this in container {container}, "
                + "and that the account's firewall lets this machine in", e),
            _ => Refused($"it answered {Answer(e)} to {doing} in container {container}", e),
        };
    }

    /// <summary>Azure names it in the detail of an authentication failure only.</summary>
    private static bool IsClock(RequestFailedException e) =>
        e.ErrorCode is "AuthenticationFailed" && e.Message.Contains("date header", StringComparison.OrdinalIgnoreCase);

    private static string Answer(RequestFailedException e) => string.IsNullOrEmpty(e.ErrorCode) ? $"HTTP {e.Status}" : $"HTTP {e.Status} {e.ErrorCode}";
}

using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;
using BackupFunctions.Contracts;

namespace BackupFunctions.Storage.AzureBlob;

/// <summary>Which of the possible credentials a target uses.</summary>
internal static class AzureBlobCredentials
{
    /// <summary>For messages: what to check when the store refuses.</summary>
    public static string Describe(AzureBlobTargetOptions options) => options switch
    {
        { ConnectionString: not null } => "the connection string",
        { SasUrl: not null } => "the SAS URL (its expiry and its permissions)",
        { AccountKey: not null } => $"the account key of {AccountName(options)}",
        _ => "the managed identity (it needs the role Storage Blob Data Contributor)",
    };

    public static string AccountName(AzureBlobTargetOptions options) => options.AccountName ?? new BlobUriBuilder(options.Endpoint).AccountName;

    /// <summary>
    /// What runs on a server in Azure or is set up for it: environment variables of a service principal, workload identity, managed
    /// identity. Not the developer's sign-ins of the command line and editors: they are slow to find out that they are not there.
    /// </summary>
    public static TokenCredential Identity(AzureBlobTargetOptions options) => new DefaultAzureCredential(new DefaultAzureCredentialOptions
    {
        ManagedIdentityClientId = options.ClientId,
        WorkloadIdentityClientId = options.ClientId,
        ExcludeAzureCliCredential = true,
        ExcludeAzureDeveloperCliCredential = true,
        ExcludeAzurePowerShellCredential = true,
        ExcludeInteractiveBrowserCredential = true,
        ExcludeVisualStudioCredential = true,
        ExcludeVisualStudioCodeCredential = true,
        ExcludeBrokerCredential = true,
    });

    /// <summary>Null: they can be used.</summary>
    public static string? Problem(AzureBlobTargetOptions options)
    {
        var given = new[] { options.ConnectionString, options.SasUrl, options.AccountKey }.Count(value => value is not null);
        return options switch
        {
            _ when given > 1 => "more than one of connection string, SAS URL and account key is given: keep one",
            { ConnectionString: null, SasUrl: null, Endpoint: null } => "its endpoint is missing, or a connection string, or a SAS URL",
            { SasUrl: null, Container: null or "" } => "its container is missing",
            { SasUrl: { } url } when !Uri.TryCreate(url, UriKind.Absolute, out var uri) || !uri.Query.Contains("sig=", StringComparison.Ordinal)
                => "its SAS URL is not a URL with a signature (sig=)",
            { AccountKey: { } key } when !IsBase64(key) => "its account key is not base64",
            { PartSize: < 1 } => "its part size is below 1",
            { Concurrency: < 1 } => "its concurrency is below 1",
            _ => null,
        };
    }

    public static PgdrException Unusable(string target, string problem, Exception? inner = null) =>
        new(ErrorCodes.InvalidSettings, $"Target {target} cannot be used: {problem}.", inner);

    private static bool IsBase64(string text) => Convert.TryFromBase64String(text, new byte[text.Length], out _);
}

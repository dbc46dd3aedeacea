using BackupFunctions.Contracts;
using BackupFunctions.Storage.AzureBlob;
using BackupFunctions.Storage.Tests.S3;

namespace BackupFunctions.Storage.Tests.AzureBlob;

/// <summary>Azurite keeps no versions and takes no immutability policies: what the service answers stands in its REST reference.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class AzureBlobVersionTests(AzuriteFixture azurite)
{
    private const string Current = "2026-02-02T00:00:00.0000000Z";
    private const string Previous = "2026-01-01T00:00:00.0000000Z";
    private const string Listing = $"""
        <?xml version="1.0" encoding="utf-8"?>
        <EnumerationResults ServiceEndpoint="http://127.0.0.1/account" ContainerName="backups"><Blobs>
        <Blob><Name>key</Name><VersionId>{Previous}</VersionId><Properties><Last-Modified>Thu, 01 Jan 2026 00:00:00 GMT</Last-Modified><Content-Length>3</Content-Length><BlobType>BlockBlob</BlobType></Properties></Blob>
        <Blob><Name>key</Name><VersionId>{Current}</VersionId><IsCurrentVersion>true</IsCurrentVersion><Properties><Last-Modified>Mon, 02 Feb 2026 00:00:00 GMT</Last-Modified><Content-Length>4</Content-Length><BlobType>BlockBlob</BlobType></Properties></Blob>
        </Blobs><NextMarker /></EnumerationResults>
        """;

    [Fact]
    public async Task DeleteForGood_ContainerWithoutVersions_Deletes()
    {
        using var target = new AzureBlobTarget("blob", azurite.Options(await azurite.Server.CreateContainerAsync()));
        await target.PutAsync("key", [1, 2, 3]);
        await target.PutAsync("key-of-another", [1, 2, 3]);

        var version = (await target.ListVersionsAsync("key", CancellationToken.None).AllAsync())[0];
        await target.DeleteForGoodAsync("key", CancellationToken.None);

        (version.VersionId, version.Size, version.IsLatest).ShouldBe(("", 3, true));
        (await target.FindAsync("key", CancellationToken.None)).ShouldBeNull();
        (await target.FindAsync("key-of-another", CancellationToken.None)).ShouldNotBeNull();
    }

    [Fact]
    public async Task FindLock_BlobWithoutPolicy_IsNull()
    {
        using var target = new AzureBlobTarget("blob", azurite.Options(await azurite.Server.CreateContainerAsync()));
        await target.PutAsync("key", [1, 2, 3]);

        (await target.FindLockAsync("key", CancellationToken.None)).ShouldBeNull();
        (await target.FindLockAsync("absent", CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Lock_ServiceWithoutPolicies_IsRefusedNamingWhatIsMissing()
    {
        using var target = new AzureBlobTarget("blob", azurite.Options(await azurite.Server.CreateContainerAsync()));
        await target.PutAsync("key", [1, 2, 3]);

        var error = await Should.ThrowAsync<StorageException>(() => target.LockAsync("key", TimeProvider.System.GetUtcNow().AddDays(1), CancellationToken.None));

        error.Code.ShouldBe(ErrorCodes.TargetRefused);
        error.Message.ShouldContain("HTTP 501");
        error.Message.ShouldContain("version-level immutability support");
    }

    [Fact]
    public async Task ListVersions_TellsWhichOneIsCurrent()
    {
        await using var store = new CannedStore((200, "etag")) { Listing = Listing };
        using var target = new AzureBlobTarget("blob", Options(store));

        var versions = await target.ListVersionsAsync("key", CancellationToken.None).AllAsync();

        versions.Select(version => (version.VersionId, version.Size, version.IsLatest)).ShouldBe([(Previous, 3, false), (Current, 4, true)]);
        store.Requests.ShouldHaveSingleItem().Path.ShouldContain("include=versions");
    }

    [Fact]
    public async Task OpenReadVersion_AsksForThatVersion()
    {
        await using var store = new CannedStore((404, "BlobNotFound"));
        using var target = new AzureBlobTarget("blob", Options(store));

        var error = await Should.ThrowAsync<StorageException>(() => target.OpenReadVersionAsync("key", Previous, 0, CancellationToken.None));

        error.Code.ShouldBe(ErrorCodes.ObjectAbsent);
        store.Requests.ShouldHaveSingleItem().Path.ShouldContain("versionid=2026-01-01");
    }

    [Fact]
    public async Task DeleteVersion_TheCurrentOne_DeletesTheBlobFirst()
    {
        await using var store = new CannedStore((403, "OperationNotAllowedOnRootBlob"), (202, "etag"), (202, "etag"));
        using var target = new AzureBlobTarget("blob", Options(store));

        await target.DeleteVersionAsync("key", Current, CancellationToken.None);

        store.Requests.Select(request => request.Path.Contains("versionid", StringComparison.Ordinal)).ShouldBe([true, false, true]);
    }

    [Theory]
    [InlineData(404, "BlobNotFound", null, null)]
    [InlineData(409, "BlobImmutableDueToPolicy", ErrorCodes.ObjectLocked, "until it ends")]
    [InlineData(403, "AuthorizationPermissionMismatch", ErrorCodes.TargetRefused, "deleteBlobVersion")]
    public async Task DeleteVersion_Answered_IsToldApart(int status, string code, string? expected, string? said)
    {
        await using var store = new CannedStore((status, code));
        using var target = new AzureBlobTarget("blob", Options(store));

        var error = await Record.ExceptionAsync(() => target.DeleteVersionAsync("key", Previous, CancellationToken.None));

        (error as StorageException)?.Code.ShouldBe(expected);
        (error?.Message ?? "").ShouldContain(said ?? "");
        (error is null).ShouldBe(expected is null);
    }

    [Theory]
    [InlineData(ObjectLockMode.Governance, "unlocked")]
    [InlineData(ObjectLockMode.Compliance, "locked")]
    public async Task Lock_SetsThePolicyOfTheBlob(ObjectLockMode mode, string sent)
    {
        await using var store = new CannedStore((200, "etag"));
        using var target = new AzureBlobTarget("blob", Options(store) with { Lock = new LockPolicy(mode, TimeSpan.FromDays(1)) });

        await target.LockAsync("key", new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero), CancellationToken.None);

        var request = store.Requests.ShouldHaveSingleItem();
        request.Path.ShouldContain("comp=immutabilityPolicies");
        request.Headers["x-ms-immutability-policy-until-date"].ShouldBe("Wed, 02 Jan 2030 03:04:05 GMT");
        request.Headers["x-ms-immutability-policy-mode"].ShouldBe(sent, StringCompareShould.IgnoreCase);
    }

    private static AzureBlobTargetOptions Options(CannedStore store) => new()
    {
        Endpoint = new Uri($"{store.Endpoint}/account"),
        Container = "backups",
        AccountKey = "c2VjcmV0",
        RetryBudget = TimeSpan.Zero,
        ReadRetryBudget = TimeSpan.Zero,
    };
}

using Azure.Storage.Sas;
using BackupFunctions.Contracts;
using BackupFunctions.Storage.AzureBlob;
using BackupFunctions.Storage.Tests.Contract;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Storage.Tests.AzureBlob;

[Collection(AzuriteCollection.Name)]
public sealed class AzureBlobErrorTests(AzuriteFixture azurite)
{
    private const string WrongKey = "d3Jvbmcta2V5LWNhbmFyeQ==";

    [Theory]
    [MemberData(nameof(TargetCalls.All), MemberType = typeof(TargetCalls))]
    public async Task Call_WithWrongKey_IsRefusedNamingTheAccountAndNotTheKey(string call)
    {
        using var target = new AzureBlobTarget("blob", azurite.Options(await azurite.Server.CreateContainerAsync()) with { AccountKey = WrongKey });

        var error = await TargetCalls.ErrorAsync(target, call);

        error.Code.ShouldBe(ErrorCodes.TargetRefused);
        error.Message.ShouldContain($"the account key of {azurite.Server.AccountName}");
        error.ToString().ShouldNotContain(WrongKey);
    }

    [Theory]
    [MemberData(nameof(TargetCalls.All), MemberType = typeof(TargetCalls))]
    public async Task Call_OnMissingContainer_SaysSoAndIsNotAbsent(string call)
    {
        using var target = new AzureBlobTarget("blob", azurite.Options("no-such-container"));

        var error = await TargetCalls.ErrorAsync(target, call);

        error.Code.ShouldBe(ErrorCodes.TargetRefused);
        error.Message.ShouldContain("container no-such-container does not exist at http://127.0.0.1:");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task SasUrl_OfTheContainer_WorksUntilItExpires(int hours)
    {
        var client = azurite.Server.Client(await azurite.Server.CreateContainerAsync());
        var sas = client.GenerateSasUri(BlobContainerSasPermissions.All, TimeProvider.System.GetUtcNow().AddHours(hours));
        using var target = new AzureBlobTarget("blob", new AzureBlobTargetOptions { SasUrl = sas.ToString() });

        if (hours > 0)
        {
            await target.PutAsync("key", [1, 2, 3]);
            (await target.GetAsync("key")).ShouldEqual([1, 2, 3]);
        }
        else
        {
            var error = await TargetCalls.ErrorAsync(target, "create");
            error.Code.ShouldBe(ErrorCodes.TargetRefused);
            error.Message.ShouldContain("the SAS URL (its expiry and its permissions)");
            error.ToString().ShouldNotContain("sig=");
        }

        target.Place.ShouldNotContain("sig=");
    }

    [Fact]
    public async Task SasUrl_ThatMayOnlyRead_IsRefusedToWrite()
    {
        var client = azurite.Server.Client(await azurite.Server.CreateContainerAsync());
        var sas = client.GenerateSasUri(BlobContainerSasPermissions.Read | BlobContainerSasPermissions.List, TimeProvider.System.GetUtcNow().AddHours(1));
        using var target = new AzureBlobTarget("blob", new AzureBlobTargetOptions { SasUrl = sas.ToString() });

        (await TargetCalls.ErrorAsync(target, "create")).Code.ShouldBe(ErrorCodes.TargetRefused);
        (await target.FindAsync("key", CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task ConnectionString_Works()
    {
        var options = new AzureBlobTargetOptions
        {
            ConnectionString = azurite.Server.ConnectionString,
            Container = await azurite.Server.CreateContainerAsync(),
        };
        using var target = new AzureBlobTarget("blob", options);

        await target.PutAsync("key", [1, 2, 3]);

        (await target.GetAsync("key")).ShouldEqual([1, 2, 3]);
    }

    [Fact]
    public async Task Identity_OfAMachineThatHasNone_IsRefusedSayingWhatIsMissing()
    {
        var options = new AzureBlobTargetOptions { Endpoint = new Uri($"https://127.0.0.1:{FreePort.Next()}/account"), Container = "backups" };
        using var target = new AzureBlobTarget("blob", options);

        var error = await TargetCalls.ErrorAsync(target, "find");

        error.Code.ShouldBe(ErrorCodes.TargetRefused);
        error.Message.ShouldContain("no token could be had");
    }

    [Theory]
    [InlineData(1_500_000)]
    [InlineData((2 * AzuriteFixture.BlockSize) + 1)]
    public async Task Write_BeyondTheSpace_SaysFullAndLeavesNothing(int size)
    {
        await using var server = await AzuriteServer.StartAsync(megabytes: 1);
        var container = await server.CreateContainerAsync();
        using var target = new AzureBlobTarget("blob", azurite.Options(container) with { Endpoint = server.Endpoint });

        var error = await Should.ThrowAsync<StorageException>(() => target.PutAsync("too-large", Bytes.Random(size)));

        error.Code.ShouldBe(ErrorCodes.TargetFull);
        (await target.FindAsync("too-large", CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Write_OfMoreThanTheMostBlocks_NamesThePartSize()
    {
        using var target = new AzureBlobTarget("blob", azurite.Options(await azurite.Server.CreateContainerAsync()) with { MaximumBlocks = 2 });

        var error = await Should.ThrowAsync<StorageException>(
            () => target.PutAsync("too-many-blocks", Bytes.Random((2 * AzuriteFixture.BlockSize) + 1)));

        error.Code.ShouldBe(ErrorCodes.TargetRefused);
        error.Message.ShouldContain("raise the part size");
    }

    [Theory]
    [InlineData(null, "backups", null, null, "endpoint is missing")]
    [InlineData("https://account.blob.core.windows.net", null, null, null, "container is missing")]
    [InlineData("https://account.blob.core.windows.net", "backups", "not base64", null, "not base64")]
    [InlineData(null, null, null, "https://account.blob.core.windows.net/backups", "with a signature")]
    [InlineData(null, "backups", "a2V5", "https://account.blob.core.windows.net/backups?sig=s", "keep one")]
    [InlineData(null, null, null, "https://account.blob.core.windows.net/?sig=canary", "not well-formed")]
    public void Target_WithUselessOptions_IsNotBuilt(string? endpoint, string? container, string? key, string? sas, string problem)
    {
        var options = new AzureBlobTargetOptions
        {
            Endpoint = endpoint is null ? null : new Uri(endpoint),
            Container = container,
            AccountKey = key,
            SasUrl = sas,
        };

        var error = Should.Throw<PgdrException>(() => new AzureBlobTarget("blob", options));

        error.Code.ShouldBe(ErrorCodes.InvalidSettings);
        error.Message.ShouldContain(problem);
        error.ToString().ShouldNotContain("canary");
    }

    [Fact]
    public void Target_WithABrokenConnectionString_IsNotBuiltAndDoesNotShowIt()
    {
        var options = new AzureBlobTargetOptions { ConnectionString = "AccountKey=canary", Container = "backups" };

        var error = Should.Throw<PgdrException>(() => new AzureBlobTarget("blob", options));

        error.Message.ShouldContain("the connection string is not well-formed");
        error.ToString().ShouldNotContain("canary");
    }

    [Fact]
    public void Options_AsText_HideTheSecrets() => $"{azurite.Options("backups")}".ShouldNotContain(azurite.Server.AccountKey);
}

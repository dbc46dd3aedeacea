using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Storage.AzureBlob;
using BackupFunctions.Storage.Checks;
using BackupFunctions.Storage.Tests.AzureBlob;

namespace BackupFunctions.Storage.Tests.Checks;

[Collection(AzuriteCollection.Name)]
public sealed class AzureBlobTargetCheckTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Container_Healthy_PassesWithAWarningOfItsLock()
    {
        var container = await azurite.Server.CreateContainerAsync();

        var report = await CheckAsync(azurite.Options(container));

        report.Failures().ShouldBeEmpty();
        report.Find(TargetCheckNames.Clock).Status.ShouldBe(CheckStatus.Ok);
        report.Find(TargetCheckNames.ConditionalWrite).Detail.ShouldContain("refuses to replace");
        report.Find(TargetCheckNames.Lock).Status.ShouldBe(CheckStatus.Warn);
        (await azurite.Server.Client(container).GetBlobsAsync().AllAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task ObjectLock_OnAServiceWithoutPolicies_IsNamed()
    {
        var options = azurite.Options(await azurite.Server.CreateContainerAsync());

        var report = await CheckAsync(options with { Lock = new LockPolicy(ObjectLockMode.Governance, TimeSpan.FromDays(30)) });

        report.Failures().ShouldBeEmpty();
        report.Find(TargetCheckNames.Lock).Status.ShouldBe(CheckStatus.Warn);
        report.Find(TargetCheckNames.Lock).Detail.ShouldContain("no backup can be locked");
        report.Find(TargetCheckNames.Lock).Detail.ShouldContain("HTTP 501");
    }

    [Fact]
    public async Task WrongKey_FailsTheCredentials()
    {
        var report = await CheckAsync(azurite.Options(await azurite.Server.CreateContainerAsync()) with { AccountKey = "d3Jvbmc=" });

        report.Failures().ShouldHaveSingleItem().Check.ShouldBe(TargetCheckNames.Credentials);
    }

    [Fact]
    public async Task MissingContainer_IsNamed() =>
        (await CheckAsync(azurite.Options("no-such-container"))).Failures().ShouldHaveSingleItem().Detail
            .ShouldContain("container no-such-container does not exist");

    private static async Task<TargetReport> CheckAsync(AzureBlobTargetOptions options)
    {
        using var target = new AzureBlobTarget("blob", options);
        return await TargetCheck.RunAsync(target, TimeProvider.System, CancellationToken.None);
    }
}

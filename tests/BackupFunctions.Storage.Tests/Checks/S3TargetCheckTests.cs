using Amazon.S3.Model;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Storage.Checks;
using BackupFunctions.Storage.S3;
using BackupFunctions.Storage.Tests.Faults;
using BackupFunctions.Storage.Tests.S3;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Storage.Tests.Checks;

[Collection(CephCollection.Name)]
public sealed class S3TargetCheckTests(CephFixture ceph)
{
    [Fact]
    public async Task Bucket_PlainAndHealthy_PassesWithAWarningOfItsLock()
    {
        var bucket = await ceph.Gateway.CreateBucketAsync();

        var report = await CheckAsync(ceph.Options(bucket));

        report.Failures().ShouldBeEmpty();
        report.Find(TargetCheckNames.Connect).Detail.ShouldContain("answers at 127.0.0.1");
        report.Find(TargetCheckNames.Clock).Status.ShouldBe(CheckStatus.Ok);
        report.Find(TargetCheckNames.ConditionalWrite).Detail.ShouldBe("The store itself refuses to replace an object.");
        report.Find(TargetCheckNames.Versioning).Detail.ShouldContain("off");
        report.Find(TargetCheckNames.Lock).Status.ShouldBe(CheckStatus.Warn);
        using var client = ceph.Gateway.Client();
        ((await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket })).S3Objects ?? []).ShouldBeEmpty();
    }

    [Fact]
    public async Task Bucket_WithObjectLock_SaysSo()
    {
        using var client = ceph.Gateway.Client();
        await client.PutBucketAsync(new PutBucketRequest { BucketName = "locked", ObjectLockEnabledForBucket = true });

        var report = await CheckAsync(ceph.Options("locked"));

        report.Failures().ShouldBeEmpty();
        report.Find(TargetCheckNames.Versioning).Detail.ShouldContain("Versioning is on");
        report.Find(TargetCheckNames.Lock).Detail.ShouldBe("Object Lock is on.");
        ((await client.ListVersionsAsync("locked")).Versions ?? []).ShouldBeEmpty();
    }

    [Fact]
    public async Task ObjectLock_WantedAndThere_IsTriedWithoutLockingAnything()
    {
        var bucket = await ceph.Gateway.CreateBucketAsync(withObjectLock: true);

        var report = await CheckAsync(ceph.Options(bucket) with { Lock = new LockPolicy(ObjectLockMode.Compliance, TimeSpan.FromDays(30)) });

        report.Find(TargetCheckNames.Lock).Status.ShouldBe(CheckStatus.Ok);
        report.Find(TargetCheckNames.Lock).Detail.ShouldContain("locked for 30 days (Compliance)");
        using var client = ceph.Gateway.Client();
        ((await client.ListVersionsAsync(bucket)).Versions ?? []).ShouldBeEmpty();
    }

    [Fact]
    public async Task ObjectLock_WantedOfABucketWithoutIt_NamesTheBucket()
    {
        var bucket = await ceph.Gateway.CreateBucketAsync();

        var report = await CheckAsync(ceph.Options(bucket) with { Lock = new LockPolicy(ObjectLockMode.Governance, TimeSpan.FromDays(30)) });

        report.Find(TargetCheckNames.Lock).Status.ShouldBe(CheckStatus.Warn);
        report.Find(TargetCheckNames.Lock).Detail.ShouldContain($"bucket {bucket} has no Object Lock");
    }

    [Fact]
    public async Task ProfileGeneric_OnAStoreThatCanDoMore_SaysSo()
    {
        var report = await CheckAsync(ceph.Options(await ceph.Gateway.CreateBucketAsync()) with { Profile = S3Profile.Generic });

        report.Find(TargetCheckNames.ConditionalWrite).Detail.ShouldContain("does not make use of");
    }

    [Fact]
    public async Task WrongSecret_FailsTheCredentialsAndNothingElse()
    {
        var report = await CheckAsync(ceph.Options(await ceph.Gateway.CreateBucketAsync()) with { SecretKey = "wrong-canary" });

        report.Failures().ShouldHaveSingleItem().Check.ShouldBe(TargetCheckNames.Credentials);
        report.Find(TargetCheckNames.Credentials).Detail.ShouldContain(ceph.Gateway.AccessKey);
        report.ToString().ShouldNotContain("wrong-canary");
    }

    [Fact]
    public async Task MissingBucket_IsNamed() =>
        (await CheckAsync(ceph.Options("no-such-bucket"))).Failures().ShouldHaveSingleItem().Detail.ShouldContain("bucket no-such-bucket does not exist");

    [Fact]
    public async Task FullStore_FailsTheWrite()
    {
        var key = ceph.Gateway.AccessKeyWithoutSpace;

        var report = await CheckAsync(ceph.Options(await ceph.Gateway.CreateBucketAsync(key)) with { AccessKey = key });

        report.Failures().ShouldHaveSingleItem().Detail.ShouldContain("is full");
    }

    [Fact]
    public async Task NobodyListening_FailsTheConnectionAlone()
    {
        var report = await CheckAsync(ceph.Options("bucket") with { Endpoint = $"http://127.0.0.1:{FreePort.Next()}" });

        report.Findings.ShouldHaveSingleItem().Check.ShouldBe(TargetCheckNames.Connect);
        report.Findings[0].Detail.ShouldContain("Connection refused");
    }

    [Fact]
    public async Task UnknownHost_IsATroubleOfNames()
    {
        var report = await CheckAsync(ceph.Options("bucket") with { Endpoint = "http://no-such-host.invalid" });

        report.Findings.ShouldHaveSingleItem().Detail.ShouldContain("The name no-such-host.invalid cannot be resolved");
    }

    [Theory]
    [InlineData(5, CheckStatus.Warn)]
    [InlineData(-60, CheckStatus.Fail)]
    public async Task ClockThatIsWrong_IsMeasured(int minutes, CheckStatus status)
    {
        using var target = new S3Target("r2", ceph.Options(await ceph.Gateway.CreateBucketAsync()));

        var report = await TargetCheck.RunAsync(target, new ShiftedTime(TimeSpan.FromMinutes(minutes)), CancellationToken.None);

        report.Find(TargetCheckNames.Clock).Status.ShouldBe(status);
        report.Find(TargetCheckNames.Clock).Detail.ShouldContain("set it (NTP)");
    }

    private static async Task<TargetReport> CheckAsync(S3TargetOptions options)
    {
        using var target = new S3Target("r2", options);
        return await TargetCheck.RunAsync(target, TimeProvider.System, CancellationToken.None);
    }
}

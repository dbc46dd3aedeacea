using BackupFunctions.Contracts;
using BackupFunctions.Storage.S3;
using BackupFunctions.Storage.Tests.Contract;

namespace BackupFunctions.Storage.Tests.S3;

[Collection(CephCollection.Name)]
public sealed class S3TargetErrorTests(CephFixture ceph)
{
    private const string WrongSecret = "wrong-secret-canary";

    [Theory]
    [MemberData(nameof(TargetCalls.All), MemberType = typeof(TargetCalls))]
    public async Task Call_WithWrongSecret_IsRefusedNamingTheKeyIdAndNotTheSecret(string call)
    {
        using var target = new S3Target("r2", ceph.Options(await ceph.Gateway.CreateBucketAsync()) with { SecretKey = WrongSecret });

        var error = await TargetCalls.ErrorAsync(target, call);

        error.Code.ShouldBe(ErrorCodes.TargetRefused);
        error.Message.ShouldContain(ceph.Gateway.AccessKey);
        error.ToString().ShouldNotContain(WrongSecret);
    }

    [Fact]
    public async Task Call_WithUnknownAccessKey_IsRefusedNamingIt()
    {
        using var target = new S3Target("r2", ceph.Options(await ceph.Gateway.CreateBucketAsync()) with { AccessKey = "nobody" });

        var error = await TargetCalls.ErrorAsync(target, "open");

        error.Code.ShouldBe(ErrorCodes.TargetRefused);
        error.Message.ShouldContain("access key id nobody");
    }

    [Theory]
    [MemberData(nameof(TargetCalls.All), MemberType = typeof(TargetCalls))]
    public async Task Call_OnMissingBucket_SaysSoAndIsNotAbsent(string call)
    {
        using var target = new S3Target("b2", ceph.Options("no-such-bucket"));

        var error = await TargetCalls.ErrorAsync(target, call);

        error.Code.ShouldBe(ErrorCodes.TargetRefused);
        error.Message.ShouldContain($"bucket no-such-bucket does not exist at {ceph.Gateway.Endpoint}: create it or correct the setting");
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData((2 * S3TargetOptions.SmallestPartSize) + 1)]
    public async Task Write_BeyondTheQuota_SaysFullAndLeavesNothing(int size)
    {
        var key = ceph.Gateway.AccessKeyWithoutSpace;
        using var target = new S3Target("b2", ceph.Options(await ceph.Gateway.CreateBucketAsync(key)) with { AccessKey = key });

        var error = await Should.ThrowAsync<StorageException>(() => target.PutAsync("too-large", Bytes.Random(size)));

        error.Code.ShouldBe(ErrorCodes.TargetFull);
        (await target.FindAsync("too-large", CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Write_OfMoreThanTheMostParts_NamesThePartSize()
    {
        using var target = new S3Target("r2", ceph.Options(await ceph.Gateway.CreateBucketAsync()) with { Profile = S3Profile.Ceph with { MostParts = 2 } });

        var error = await Should.ThrowAsync<StorageException>(
            () => target.PutAsync("too-many-parts", Bytes.Random((2 * S3TargetOptions.SmallestPartSize) + 1)));

        error.Code.ShouldBe(ErrorCodes.TargetRefused);
        error.Message.ShouldContain("raise the part size");
        (await target.FindAsync("too-many-parts", CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Write_OfExactlyTheMostParts_Succeeds()
    {
        using var target = new S3Target("r2", ceph.Options(await ceph.Gateway.CreateBucketAsync()) with { Profile = S3Profile.Ceph with { MostParts = 2 } });
        var content = Bytes.Random(2 * S3TargetOptions.SmallestPartSize);

        await target.PutAsync("just-fits", content);

        (await target.GetAsync("just-fits")).ShouldEqual(content);
    }

    [Theory]
    [InlineData("not a url", "bucket", "key", "secret")]
    [InlineData("ftp://host", "bucket", "key", "secret")]
    [InlineData("http://host", "", "key", "secret")]
    [InlineData("http://host", "bucket", "", "secret")]
    [InlineData("http://host", "bucket", "key", "")]
    public void Target_WithUselessOptions_IsNotBuilt(string endpoint, string bucket, string accessKey, string secretKey)
    {
        var options = new S3TargetOptions
        {
            Endpoint = endpoint,
            Region = "auto",
            Bucket = bucket,
            AccessKey = accessKey,
            SecretKey = secretKey,
        };

        Should.Throw<PgdrException>(() => new S3Target("r2", options)).Code.ShouldBe(ErrorCodes.InvalidSettings);
    }

    [Fact]
    public void Options_AsText_HideTheSecret()
    {
        var options = ceph.Options("bucket") with { SecretKey = WrongSecret };

        $"{options}".ShouldNotContain(WrongSecret);
    }
}

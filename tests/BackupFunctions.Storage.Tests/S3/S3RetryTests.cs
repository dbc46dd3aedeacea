using BackupFunctions.Contracts;
using BackupFunctions.Storage.S3;
using BackupFunctions.Storage.Tests.Contract;

namespace BackupFunctions.Storage.Tests.S3;

public sealed class S3RetryTests
{
    [Theory]
    [InlineData(500, "InternalError", ErrorCodes.TargetUnreachable)]
    [InlineData(503, "SlowDown", ErrorCodes.TargetUnreachable)]
    [InlineData(429, "TooManyRequests", ErrorCodes.TargetUnreachable)]
    public async Task Read_OfStoreThatStaysInTrouble_IsTriedThreeTimes(int status, string answer, string code)
    {
        await using var store = new CannedStore((status, answer));
        using var target = new S3Target("r2", store.Options);

        var error = await TargetCalls.ErrorAsync(target, "open");

        error.Code.ShouldBe(code);
        error.Message.ShouldContain($"HTTP {status} {answer}");
        store.Requests.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData(507, "XMinioStorageFull", ErrorCodes.TargetFull)]
    [InlineData(501, "NotImplemented", ErrorCodes.TargetRefused)]
    [InlineData(403, "AccessDenied", ErrorCodes.TargetRefused)]
    [InlineData(403, "RequestTimeTooSkewed", ErrorCodes.TargetRefused)]
    [InlineData(400, "AuthorizationHeaderMalformed", ErrorCodes.TargetRefused)]
    [InlineData(404, "NoSuchKey", ErrorCodes.ObjectAbsent)]
    public async Task Read_OfStoreThatKnowsItsAnswer_IsNotTriedAgain(int status, string answer, string code)
    {
        await using var store = new CannedStore((status, answer));
        using var target = new S3Target("r2", store.Options);

        (await TargetCalls.ErrorAsync(target, "open")).Code.ShouldBe(code);
        store.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Delete_AnsweredAfterTrouble_Succeeds()
    {
        await using var store = new CannedStore((503, "SlowDown"), (500, "InternalError"), (204, ""));
        using var target = new S3Target("r2", store.Options);

        await target.DeleteAsync("key", CancellationToken.None);

        store.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Write_StoredAsOtherBytes_IsNotTrusted()
    {
        const string EmptyMd5 = "\"d41d8cd98f00b204e9800998ecf8427e\"";
        await using var store = new CannedStore((404, "NoSuchKey"), (200, ""), (200, EmptyMd5));
        using var target = new S3Target("r2", store.Options with { RetryBudget = TimeSpan.FromSeconds(1) });

        var error = await Should.ThrowAsync<StorageException>(() => target.PutAsync("key", [1, 2, 3]));

        error.Message.ShouldContain("other bytes than were sent");
    }
}

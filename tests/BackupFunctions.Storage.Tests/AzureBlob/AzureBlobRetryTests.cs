using BackupFunctions.Contracts;
using BackupFunctions.Storage.AzureBlob;
using BackupFunctions.Storage.Tests.Contract;
using BackupFunctions.Storage.Tests.S3;

namespace BackupFunctions.Storage.Tests.AzureBlob;

public sealed class AzureBlobRetryTests
{
    [Theory]
    [InlineData(500, "InternalError")]
    [InlineData(500, "OperationTimedOut")]
    [InlineData(503, "ServerBusy")]
    [InlineData(429, "TooManyRequests")]
    public async Task Read_OfStoreThatStaysInTrouble_IsTriedThreeTimes(int status, string answer)
    {
        await using var store = new CannedStore((status, answer));
        using var target = new AzureBlobTarget("blob", Options(store));

        var error = await TargetCalls.ErrorAsync(target, "open");

        error.Code.ShouldBe(ErrorCodes.TargetUnreachable);
        error.Message.ShouldContain($"HTTP {status} {answer}");
        store.Requests.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData(507, "InsufficientStorage", ErrorCodes.TargetFull)]
    [InlineData(501, "NotImplemented", ErrorCodes.TargetRefused)]
    [InlineData(403, "AuthorizationFailure", ErrorCodes.TargetRefused)]
    [InlineData(403, "AuthorizationPermissionMismatch", ErrorCodes.TargetRefused)]
    [InlineData(403, "AccountIsDisabled", ErrorCodes.TargetRefused)]
    [InlineData(401, "NoAuthenticationInformation", ErrorCodes.TargetRefused)]
    [InlineData(404, "ContainerNotFound", ErrorCodes.TargetRefused)]
    [InlineData(404, "BlobNotFound", ErrorCodes.ObjectAbsent)]
    [InlineData(404, "", ErrorCodes.TargetRefused)]
    public async Task Read_OfStoreThatKnowsItsAnswer_IsNotTriedAgain(int status, string answer, string code)
    {
        await using var store = new CannedStore((status, answer));
        using var target = new AzureBlobTarget("blob", Options(store));

        (await TargetCalls.ErrorAsync(target, "open")).Code.ShouldBe(code);
        store.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Delete_AnsweredAfterTrouble_Succeeds()
    {
        await using var store = new CannedStore((503, "ServerBusy"), (500, "InternalError"), (202, ""));
        using var target = new AzureBlobTarget("blob", Options(store));

        await target.DeleteAsync("key", CancellationToken.None);

        store.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Delete_UnderAnImmutabilityPolicy_SaysSo()
    {
        await using var store = new CannedStore((409, "BlobImmutableDueToPolicy"));
        using var target = new AzureBlobTarget("blob", Options(store));

        var error = await TargetCalls.ErrorAsync(target, "delete");

        error.Code.ShouldBe(ErrorCodes.ObjectLocked);
        error.Message.ShouldContain("immutability policy");
    }

    [Fact]
    public async Task Write_SendsMd5AndRefusesToReplace()
    {
        await using var store = new CannedStore((404, "BlobNotFound"), (201, "\"etag\""));
        using var target = new AzureBlobTarget("blob", Options(store));

        await target.PutAsync("key", [1, 2, 3]);

        var put = store.Requests.Single(request => request.Method is "PUT");
        put.Path.ShouldBe("/account/backups/key");
        put.Headers["Content-MD5"].ShouldBe("Uonfc331cyb83SJZevsfrA==");
        put.Headers["If-None-Match"].ShouldBe("*");
        put.Headers["Content-Length"].ShouldBe("3");
    }

    private static AzureBlobTargetOptions Options(CannedStore store) => new()
    {
        Endpoint = new Uri($"{store.Endpoint}/account"),
        Container = "backups",
        AccountKey = "c2VjcmV0",
    };
}

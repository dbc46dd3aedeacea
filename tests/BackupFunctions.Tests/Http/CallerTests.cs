using BackupFunctions.EmbeddedHost;
using BackupFunctions.EmbeddedHost.Keys;
using BackupFunctions.Http;
using Microsoft.AspNetCore.Http;

namespace BackupFunctions.Tests.Http;

public sealed class CallerTests
{
    [Fact]
    public void Of_HostThatTellsNothing_IsHttp() => Caller.Of(new DefaultHttpContext().Request).ShouldBe("http");

    [Fact]
    public void Of_HostThatTellsTheKey_NamesIt() =>
        Caller.Of(new DefaultHttpContext { User = KeyClaims.Principal(new KeyGrant(AuthorizationLevel.Function, "ci")) }.Request).ShouldBe("http, key ci");
}

using Microsoft.AspNetCore.Http;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Http;

/// <summary>A function that fits below any prefix.</summary>
public sealed class PlainFunctions
{
    [Function("AnyVerb")]
    public static IResult AnyVerb([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Results.Text(request.Method);
}

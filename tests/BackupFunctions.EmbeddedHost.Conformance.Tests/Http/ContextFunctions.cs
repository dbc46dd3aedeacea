using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Http;

/// <summary>Functions that tell what they know of their invocation.</summary>
public sealed class ContextFunctions
{
    [Function("Who")]
    public static IActionResult Who([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, FunctionContext context) =>
        new OkObjectResult(new
        {
            Key = request.HttpContext.User.FindFirstValue("http://schemas.microsoft.com/2017/07/functions/claims/keyid"),
            Level = request.HttpContext.User.FindFirstValue("http://schemas.microsoft.com/2017/07/functions/claims/authlevel"),
            context.TraceContext.TraceParent,
            context.TraceContext.TraceState,
            context.RetryContext.RetryCount,
            context.RetryContext.MaxRetryCount,
        });
}

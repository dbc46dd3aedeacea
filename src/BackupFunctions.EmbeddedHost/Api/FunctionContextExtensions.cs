using Microsoft.AspNetCore.Http;

namespace BackupFunctions.EmbeddedHost;

/// <summary>The request behind an invocation.</summary>
public static class FunctionContextExtensions
{
    /// <returns>Null when the function was not triggered by HTTP.</returns>
    public static HttpContext? GetHttpContext(this FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Items.TryGetValue(nameof(HttpContext), out var request) ? request as HttpContext : null;
    }
}

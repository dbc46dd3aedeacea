using Microsoft.AspNetCore.Http;

namespace BackupFunctions.EmbeddedHost.Http;

/// <summary>Lets requests with the master key pass.</summary>
internal sealed class MasterKeyFilter(RequestKeys keys) : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        keys.Refusal(context.HttpContext, AuthorizationLevel.Admin) is { } refusal
            ? ValueTask.FromResult<object?>(Results.StatusCode(refusal))
            : next(context);
}

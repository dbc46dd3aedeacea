using BackupFunctions.EmbeddedHost.Keys;
using Microsoft.AspNetCore.Http;

namespace BackupFunctions.EmbeddedHost.Http;

/// <summary>Checks the key of a request: header x-functions-key, then query parameter code.</summary>
internal sealed class RequestKeys(KeyStore keys)
{
    /// <summary>A caller with a valid key is known by its name from here on.</summary>
    /// <param name="function">The function asked for; its own keys count.</param>
    /// <param name="keyName">The name a system key must have; null means any.</param>
    /// <returns>Null when the request may pass; else 401 without a valid key, 403 with one that is not enough.</returns>
    public int? Refusal(HttpContext context, AuthorizationLevel required, string? function = null, string? keyName = null)
    {
        var presented = context.Request.Headers["x-functions-key"].ToString() is { Length: > 0 } header
            ? header
            : context.Request.Query["code"].ToString();
        var grant = keys.Authenticate(presented, function);
        if (grant is not null)
        {
            context.User = KeyClaims.Principal(grant);
        }

        return required == AuthorizationLevel.Anonymous ? null
            : grant is null ? StatusCodes.Status401Unauthorized
            : grant.Allows(required, keyName) ? null
            : StatusCodes.Status403Forbidden;
    }
}

using BackupFunctions.EmbeddedHost.Keys;
using Microsoft.AspNetCore.Http;

namespace BackupFunctions.EmbeddedHost.Http;

/// <summary>Checks the key of a request: header x-functions-key, then query parameter code.</summary>
internal sealed class RequestKeys(KeyStore keys)
{
    /// <param name="function">The function asked for; its own keys count.</param>
    /// <param name="keyName">The name a system key must have; null means any.</param>
    /// <returns>Null when the request may pass; else 401 without a valid key, 403 with one that is not enough.</returns>
    public int? Refusal(HttpContext context, AuthorizationLevel required, string? function = null, string? keyName = null)
    {
        if (required == AuthorizationLevel.Anonymous)
        {
            return null;
        }

        var presented = context.Request.Headers["x-functions-key"].ToString() is { Length: > 0 } header
            ? header
            : context.Request.Query["code"].ToString();
        return keys.Authenticate(presented, function) switch
        {
            null => StatusCodes.Status401Unauthorized,
            var grant => grant.Allows(required, keyName) ? null : StatusCodes.Status403Forbidden,
        };
    }
}

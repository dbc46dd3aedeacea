using Microsoft.AspNetCore.Http;

namespace BackupFunctions.Http;

/// <summary>Who started something, as far as a host tells: the name of the key, never its value.</summary>
internal static class Caller
{
    /// <summary>The Functions host's claim for the name of the key (SecurityConstants.AuthLevelKeyNameClaimType).</summary>
    private const string KeyNameClaim = "http://schemas.microsoft.com/2017/07/functions/claims/keyid";

    public static string Of(HttpRequest request) =>
        request.HttpContext.User.FindFirst(KeyNameClaim)?.Value is { Length: > 0 } name ? $"http, key {name}" : "http";
}

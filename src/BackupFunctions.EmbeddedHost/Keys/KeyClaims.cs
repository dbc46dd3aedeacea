using System.Security.Claims;

namespace BackupFunctions.EmbeddedHost.Keys;

/// <summary>Who calls, as the Functions host tells its functions (SecurityConstants): the level and the name of the key, never its value.</summary>
internal static class KeyClaims
{
    private const string Scheme = "WebJobsAuthLevel";

    private const string Level = "http://schemas.microsoft.com/2017/07/functions/claims/authlevel";

    private const string KeyName = "http://schemas.microsoft.com/2017/07/functions/claims/keyid";

    public static ClaimsPrincipal Principal(KeyGrant grant) =>
        new(new ClaimsIdentity([new Claim(Level, grant.Level.ToString()), new Claim(KeyName, grant.KeyName)], Scheme));
}

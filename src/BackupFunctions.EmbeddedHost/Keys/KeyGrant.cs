namespace BackupFunctions.EmbeddedHost.Keys;

/// <summary>What a presented key allows.</summary>
internal sealed record KeyGrant(AuthorizationLevel Level, string KeyName)
{
    /// <summary>The master key opens everything; any other key its own level, and a system key what asks for its name.</summary>
    public bool Allows(AuthorizationLevel required, string? keyName) =>
        Level == AuthorizationLevel.Admin
        || (Level == required && (keyName is null || string.Equals(KeyName, keyName, StringComparison.OrdinalIgnoreCase)));
}

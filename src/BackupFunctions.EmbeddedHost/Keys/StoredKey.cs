namespace BackupFunctions.EmbeddedHost.Keys;

/// <summary>A key as it lies in keys.json.</summary>
/// <param name="Scope">See <see cref="KeyScopes"/>.</param>
/// <param name="Sha256">Base64 of the SHA-256 of the key's UTF-8 text; keys are random, so neither salt nor stretching adds anything.</param>
/// <param name="Value">The key itself, only for the key that the host hands out in management links.</param>
internal sealed record StoredKey(string Scope, string Name, string Sha256, string? Value = null)
{
    public bool Is(string scope, string name) =>
        string.Equals(Scope, scope, StringComparison.OrdinalIgnoreCase) && string.Equals(Name, name, StringComparison.OrdinalIgnoreCase);
}

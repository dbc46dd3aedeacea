namespace BackupFunctions.EmbeddedHost.Http;

/// <summary>Body of a PUT of a key.</summary>
internal sealed record NewKey(string? Name, string? Value);

namespace BackupFunctions.Http;

/// <summary>Body of POST /api/backups.</summary>
public sealed record StartBackupBody(string? Database, string? Kind)
{
    /// <summary>With kind tenant: their ids.</summary>
    public IReadOnlyList<string?>? Tenants { get; init; }

    /// <summary>With kind tenant: all that the settings list, in place of ids.</summary>
    public bool? AllTenants { get; init; }
}

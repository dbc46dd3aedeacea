using System.Text.Json.Serialization;

namespace BackupFunctions.Http;

/// <summary>Body of POST /api/backups. A member that is not known is refused: left out, 'at' misspelled would be a backup at once.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record StartBackupBody
{
    /// <summary>With kind full, tenant or archive.</summary>
    public string? Database { get; init; }

    /// <summary>With kind base, incremental, configuration or archive.</summary>
    public string? Server { get; init; }

    /// <summary>Full when left out.</summary>
    public string? Kind { get; init; }

    /// <summary>With kind tenant: their ids.</summary>
    public IReadOnlyList<string?>? Tenants { get; init; }

    /// <summary>With kind tenant: all that the settings list, in place of ids.</summary>
    public bool? AllTenants { get; init; }

    /// <summary>When to begin, see <see cref="OffsetTime"/>; left out: at once.</summary>
    public string? At { get; init; }

    /// <summary>Name of the hook to tell of the end; left out: the default one, where there is one.</summary>
    public string? Notify { get; init; }
}

using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Settings;

/// <summary>How tenants of one database are told apart.</summary>
public sealed record TenantSettings
{
    public required TenantMode Mode { get; init; }

    /// <summary>Column mode: the tenant column of every table that has one of this name; null: only <see cref="Columns"/>.</summary>
    public string? Column { get; init; }

    /// <summary>Column mode: tables whose tenant column has another name.</summary>
    public IReadOnlyList<TenantColumnSetting> Columns { get; init; } = [];

    /// <summary>Column mode: the table of the tenants and its key; null: there is none.</summary>
    public TenantColumnSetting? Root { get; init; }

    /// <summary>Column mode: tables of all tenants, as schema.table with * and ?. Schema mode: schemas that go with each tenant's.</summary>
    public IReadOnlyList<string> Shared { get; init; } = [];

    /// <summary>Column mode: rows of shared tables go into each backup.</summary>
    public bool SharedRows { get; init; } = true;

    /// <summary>Column mode: schemas that are looked at; empty: all.</summary>
    public IReadOnlyList<string> Schemas { get; init; } = [];

    /// <summary>Schema mode: the schemas of tenants, with * and ?; null: <see cref="List"/> alone.</summary>
    public string? Pattern { get; init; }

    /// <summary>Column mode: the setting that policies read.</summary>
    public string? ContextSetting { get; init; }

    /// <summary>Column mode: a statement that sets what policies read, with $1 for the tenant.</summary>
    public string? ContextCall { get; init; }

    /// <summary>A query for all tenants, one text column; null: by <see cref="Root"/> or <see cref="Pattern"/>.</summary>
    public string? List { get; init; }

    /// <summary>All tenants can be found out.</summary>
    public bool CanList => List is not null || Root is not null || Pattern is not null;
}

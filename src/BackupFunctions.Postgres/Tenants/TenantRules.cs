namespace BackupFunctions.Postgres.Tenants;

/// <summary>What settings say of the tenants of one database whose rows lie in common tables.</summary>
public sealed record TenantRules
{
    /// <summary>The tenant column of every table that has a column of this name; null: only <see cref="Columns"/>.</summary>
    public string? Column { get; init; }

    /// <summary>Tables whose tenant column has another name, the table of the tenants among them.</summary>
    public IReadOnlyList<TenantColumn> Columns { get; init; } = [];

    /// <summary>The table of the tenants and its key; null: there is none.</summary>
    public TenantColumn? Root { get; init; }

    /// <summary>Tables whose rows belong to nobody, as schema.table with * and ?.</summary>
    public IReadOnlyList<string> Shared { get; init; } = [];

    /// <summary>Whether rows of shared tables go into each backup.</summary>
    public bool SharedRows { get; init; } = true;

    /// <summary>Whose tables are looked at; of others only the structure is stored. Empty: all schemas.</summary>
    public IReadOnlyList<string> Schemas { get; init; } = [];

    /// <summary>The setting that policies read, for example app.tenant_id; null: none.</summary>
    public string? ContextSetting { get; init; }

    /// <summary>A statement that sets what policies read, with $1 for the tenant; null: none.</summary>
    public string? ContextCall { get; init; }

    /// <summary>Answers one text column with all tenants; null: the keys of <see cref="Root"/>.</summary>
    public string? List { get; init; }

    internal bool HasContext => ContextSetting is not null || ContextCall is not null;
}

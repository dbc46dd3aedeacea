using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Postgres.Tenants;

namespace BackupFunctions.Postgres.Merge;

/// <summary>What is merged, and how.</summary>
public sealed record MergeRequest
{
    /// <summary>The database that is written to.</summary>
    public required string Live { get; init; }

    /// <summary>The restored database beside it.</summary>
    public required string Backup { get; init; }

    /// <summary>It must be this database: a name alone does not decide what is merged. Null: not checked.</summary>
    public long? BackupOid { get; init; }

    public required MergePolicy Policy { get; init; }

    /// <summary>For <see cref="MergePolicy.Newest"/>.</summary>
    public string? NewestColumn { get; init; }

    /// <summary>As schema.table with * and ?; empty: all.</summary>
    public IReadOnlyList<string> Tables { get; init; } = [];

    /// <summary>Only rows of this tenant; null: all rows.</summary>
    public string? Tenant { get; init; }

    /// <summary>Says which rows are a tenant's; needed with <see cref="Tenant"/>.</summary>
    public TenantRules? Rules { get; init; }

    /// <summary>False: nothing is written.</summary>
    public bool Apply { get; init; }

    /// <summary>How long a table's lock is waited for.</summary>
    public TimeSpan LockPatience { get; init; } = TimeSpan.FromSeconds(30);
}

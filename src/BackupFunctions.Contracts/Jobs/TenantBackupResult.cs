namespace BackupFunctions.Contracts.Jobs;

public sealed record TenantBackupResult
{
    /// <summary>Of <see cref="Backups"/> and <see cref="Failures"/>: a result is small, however many tenants there are.</summary>
    public const int MostListed = 20;

    public required string Database { get; init; }

    /// <summary>Asked for, or listed.</summary>
    public required int Tenants { get; init; }

    /// <summary>Whose backup is VERIFIED.</summary>
    public required int Verified { get; init; }

    /// <summary>Whose backup exists and is not VERIFIED.</summary>
    public required int Completed { get; init; }
    public required int Failed { get; init; }

    /// <summary>Whose backup lacks a verified copy on some target.</summary>
    public int Unfinished { get; init; }

    /// <summary>Of <see cref="Verified"/> and <see cref="Completed"/>: taken by an earlier job of the same run.</summary>
    public required int TakenBefore { get; init; }

    /// <summary>The first ones, by tenant.</summary>
    public required IReadOnlyList<TenantBackup> Backups { get; init; }

    /// <summary>The first ones, by tenant.</summary>
    public required IReadOnlyList<TenantFailure> Failures { get; init; }
    public required long Rows { get; init; }
    public required long PlainSize { get; init; }
    public required long StoredSize { get; init; }
}

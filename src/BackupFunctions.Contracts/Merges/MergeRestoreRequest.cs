using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Contracts.Merges;

/// <summary>What a merge is to do: input of its workflow, and of pgdr merge.</summary>
public sealed record MergeRestoreRequest
{
    /// <summary>A database named in the settings; its rows change.</summary>
    public required string Database { get; init; }

    /// <summary>Null: <see cref="Point"/>, or else the newest point that can be recovered.</summary>
    public string? BackupId { get; init; }

    /// <summary>By base backup and log; not together with a backup id.</summary>
    public WantedPoint? Point { get; init; }

    /// <summary>As schema.table with * and ?; empty: all tables, or all that hold rows of tenants.</summary>
    public IReadOnlyList<string> Tables { get; init; } = [];

    /// <summary>Only rows of these tenants, a transaction for each; empty: all rows.</summary>
    public IReadOnlyList<string> Tenants { get; init; } = [];
    public MergePolicy Policy { get; init; }

    /// <summary>For <see cref="MergePolicy.Newest"/>.</summary>
    public string? NewestColumn { get; init; }

    /// <summary>False: nothing is written, only counted.</summary>
    public bool Apply { get; init; }

    /// <summary>False: no backup of the database beforehand.</summary>
    public bool Undo { get; init; } = true;
    public string? Reason { get; init; }
    public string? InitiatedBy { get; init; }

    /// <summary>Proof that the start was checked; good for one merge. Without it the workflow refuses to begin.</summary>
    public string? Confirmation { get; init; }
}

namespace BackupFunctions.Contracts.Jobs;

public sealed record IncrementalBackupResult
{
    /// <summary>Its name in the settings.</summary>
    public required string Server { get; init; }

    /// <summary>Null: none was taken, <see cref="NotTaken"/> says why.</summary>
    public BaseBackupResult? Backup { get; init; }

    /// <summary>Why the server can have no incremental backups, a sentence; null when it can.</summary>
    public string? NotTaken { get; init; }

    /// <summary>Why a whole base backup was taken in place of an incremental one, a sentence; null when it was not.</summary>
    public string? WholeBecause { get; init; }
}

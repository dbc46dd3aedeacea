namespace BackupFunctions.Retention.State;

/// <summary>Something that could not be found out; nothing of what it may concern is deleted. Without a scope it may concern everything.</summary>
/// <param name="Sentence">What and why.</param>
public sealed record UnknownFact(string Sentence)
{
    /// <summary>Only backups of this database can depend on it.</summary>
    public string? Database { get; init; }

    /// <summary>Only bases and log of this server can depend on it.</summary>
    public string? SystemId { get; init; }
}

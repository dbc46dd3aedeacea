namespace BackupFunctions.EmbeddedHost.Durable.History;

/// <summary>Something the orchestrator asked for: an action before the checkpoint, the record of it afterwards.</summary>
internal abstract record ActionEvent(int EventId, DateTime Timestamp) : HistoryEvent(EventId, Timestamp)
{
    /// <summary>What a replay has to ask for by the same name; null when the name does not matter.</summary>
    public abstract string? ActionName { get; }

    /// <summary>The kind in words, for messages to people.</summary>
    public abstract string Kind { get; }
}

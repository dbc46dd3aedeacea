using BackupFunctions.Retention.State;

namespace BackupFunctions.Jobs.Retention.Wal;

/// <summary>What was found of archived log, of all servers.</summary>
internal sealed class WalReading
{
    /// <summary>Segments, with all copies of each.</summary>
    public List<KnownWal> Objects { get; } = [];

    public List<KnownEpoch> Epochs { get; } = [];

    /// <summary>Newest first, server by server.</summary>
    public List<KnownExpiry> Expiries { get; } = [];

    /// <summary>Where timelines left their parents.</summary>
    public List<KnownTimeline> Timelines { get; } = [];

    /// <summary>What could not be found out.</summary>
    public List<UnknownFact> Unknowns { get; } = [];

    /// <summary>Statements that cannot be believed, a sentence each: they count for nothing, which spares what they might name.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>By system identifier.</summary>
    public Dictionary<string, ServerExpiry> Servers { get; } = new(StringComparer.Ordinal);

    /// <summary>Histories and inventories, each counted once.</summary>
    public int Texts { get; set; }
}

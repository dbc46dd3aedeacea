namespace BackupFunctions.Settings;

/// <summary>How write-ahead log is received.</summary>
public sealed record WalSettings
{
    public const string DefaultSlot = "pgdr";

    /// <summary>Name of the physical replication slot on every server.</summary>
    public string Slot { get; init; } = DefaultSlot;

    /// <summary>A slot may be made on a server that would keep log for it until its disk is full.</summary>
    public bool UnlimitedSlot { get; init; }

    /// <summary>How long log that has arrived waits at most before it is archived, though its segment is not full.</summary>
    public TimeSpan PushInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Of the method that backups are compressed with. Log is written faster than backups are, often on the server itself, and kept for weeks only.</summary>
    public int CompressionLevel { get; init; } = 1;
}

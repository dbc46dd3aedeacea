namespace BackupFunctions.Postgres.Replication;

/// <summary>What archiving a server's log depends on, as the server says.</summary>
public sealed record ArchivingFacts
{
    /// <summary>server_version_num, for example 150020.</summary>
    public required int VersionNumber { get; init; }

    /// <summary>A standby.</summary>
    public required bool InRecovery { get; init; }
    public required bool IsSuperuser { get; init; }

    /// <summary>The role has the right REPLICATION.</summary>
    public required bool MayReplicate { get; init; }

    /// <summary>As the server sees this machine; null: over a Unix socket.</summary>
    public required string? ClientAddress { get; init; }

    /// <summary>Settings of the server by name, in their base unit; one that its version does not know is missing.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>Replication connections in use.</summary>
    public required int Senders { get; init; }

    /// <summary>Replication slots in use.</summary>
    public required int Slots { get; init; }

    /// <summary>Bytes that the server has written and the slot has not let go; null: there is no slot, or nothing is reserved.</summary>
    public required long? SlotBehind { get; init; }

    /// <summary>The newest attempt of archive_command failed.</summary>
    public required bool ArchiverFails { get; init; }

    /// <summary>The server's clock less this machine's.</summary>
    public required TimeSpan ClockDifference { get; init; }

    public string? Setting(string name) => Settings.GetValueOrDefault(name);
}

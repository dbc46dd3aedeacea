namespace BackupFunctions.Contracts.ManualBackups;

/// <summary>A manual backup that waits for its time, as lists show it.</summary>
public sealed record ScheduledBackup
{
    /// <summary>Of the workflow; what cancels it.</summary>
    public required string Id { get; init; }
    public required ManualBackupKind Kind { get; init; }
    public string? Database { get; init; }
    public string? Server { get; init; }

    /// <summary>With kind tenant: their ids; null: all.</summary>
    public IReadOnlyList<string>? Tenants { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Name of the hook that is told of its end; null: nobody is.</summary>
    public string? Hook { get; init; }
    public required string RequestedBy { get; init; }
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>It does not begin before it is resumed, whatever the time.</summary>
    public required bool Suspended { get; init; }
}

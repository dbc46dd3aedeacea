using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Cli.Restores;

/// <summary>What pgdr restore prints.</summary>
internal sealed record RestoreSummary(
    string BackupId,
    DateTimeOffset SnapshotAt,
    string Database,
    string Server,
    int Tables,
    long Rows,
    string? KeptDatabase,
    double Seconds,
    RecoveredPoint? Point,
    IReadOnlyList<string> Warnings);

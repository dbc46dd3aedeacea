using BackupFunctions.Retention.Policies;

namespace BackupFunctions.Settings;

/// <summary>What retention keeps, and for how long.</summary>
public sealed record RetentionSettings
{
    public RetentionPolicy Policy { get; init; } = new();

    /// <summary>Objects of a backup that was killed before its manifest are removed when nothing was written to it for so long.</summary>
    public TimeSpan OrphanAge { get; init; } = TimeSpan.FromDays(3);
}

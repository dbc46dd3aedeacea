using System.Text.Json.Serialization;

namespace BackupFunctions.Contracts.Jobs;

/// <param name="Database">A database named in the settings.</param>
/// <param name="Reason">Who or what asked: schedule, manual.</param>
public sealed record FullBackupParameters(string Database, string Reason)
{
    /// <summary>To be kept for months, see <see cref="Manifests.Manifest.Archive"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Archive { get; init; }
}

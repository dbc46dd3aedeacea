using System.Text.Json.Serialization;

namespace BackupFunctions.Contracts.Jobs;

/// <param name="Server">A server named in the settings.</param>
/// <param name="Reason">Who or what asked: schedule, manual.</param>
public sealed record BaseBackupParameters(string Server, string Reason)
{
    /// <summary>To be kept for months, with the log that it needs, see <see cref="Manifests.Manifest.Archive"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Archive { get; init; }
}

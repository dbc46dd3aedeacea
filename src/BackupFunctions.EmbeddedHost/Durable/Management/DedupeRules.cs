using BackupFunctions.EmbeddedHost.DurableTask.Client;

namespace BackupFunctions.EmbeddedHost.Durable.Management;

/// <summary>A misspelt state would forbid nothing.</summary>
internal static class DedupeRules
{
    /// <exception cref="ArgumentException">One of the states is none that an instance can be in.</exception>
    public static void Check(IReadOnlyList<string>? statuses)
    {
        var valid = StartOrchestrationOptionsExtensions.ValidDedupeStatuses.Select(status => status.ToString());
        if (statuses?.Except(valid, StringComparer.Ordinal).FirstOrDefault() is { } unknown)
        {
            throw new ArgumentException($"'{unknown}' is not a state for deduplication; those are {string.Join(", ", valid)}.");
        }
    }
}

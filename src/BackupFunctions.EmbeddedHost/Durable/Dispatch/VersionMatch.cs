using BackupFunctions.EmbeddedHost.DurableTask;

namespace BackupFunctions.EmbeddedHost.Durable.Dispatch;

/// <summary>Whether this host may run an instance; a host without a default version runs all.</summary>
internal static class VersionMatch
{
    /// <returns>Null when it may.</returns>
    public static TaskFailureDetails? Mismatch(string? version, DurableEngineOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.DefaultVersion))
        {
            return null;
        }

        var order = VersionOrder.Compare(version, options.DefaultVersion);
        return options.VersionMatchStrategy switch
        {
            VersionMatchStrategy.Strict when order != 0 =>
                Failure($"The orchestration version '{version}' does not match the worker version '{options.DefaultVersion}'."),
            VersionMatchStrategy.CurrentOrOlder when order > 0 =>
                Failure($"The orchestration version '{version}' is greater than the worker version '{options.DefaultVersion}'."),
            _ => null,
        };
    }

    private static TaskFailureDetails Failure(string message) =>
        new("VersionMismatch", message, null, null, null) { IsNonRetriable = true };
}

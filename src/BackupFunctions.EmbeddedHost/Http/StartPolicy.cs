using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.EmbeddedHost.Settings;

namespace BackupFunctions.EmbeddedHost.Http;

/// <summary>overridableExistingInstanceStates of host.json, for starts that do not say by themselves what they may replace.</summary>
internal sealed class StartPolicy(HostJson hostJson)
{
    public StartOrchestrationOptions? Apply(StartOrchestrationOptions? options) =>
        hostJson.OverridesRunningInstances && options?.DedupeStatuses is null
            ? (options ?? new StartOrchestrationOptions()).WithDedupeStatuses()
            : options;
}

using BackupFunctions.EmbeddedHost.DurableTask;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.EmbeddedHost.Durable.Replay;

/// <summary>What every replay of this host shares.</summary>
internal sealed record ReplaySettings(
    DataConverter Converter, ILoggerFactory Loggers, TimeSpan MaximumTimerInterval, string? DefaultVersion, int MaxActions)
{
    public static ReplaySettings Of(DurableEngineOptions options, DataConverter converter, ILoggerFactory loggers) =>
        new(converter, loggers, options.MaximumTimerInterval, options.DefaultVersion, options.MaxOrchestrationActions);
}

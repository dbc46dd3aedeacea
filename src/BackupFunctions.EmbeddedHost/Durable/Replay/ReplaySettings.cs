using BackupFunctions.EmbeddedHost.DurableTask;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.EmbeddedHost.Durable.Replay;

/// <summary>What every replay of this host shares.</summary>
internal sealed record ReplaySettings(
    DataConverter Converter, ILoggerFactory Loggers, TimeSpan MaximumTimerInterval, string? DefaultVersion);

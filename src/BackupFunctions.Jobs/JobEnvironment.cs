using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Settings;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Jobs;

/// <summary>What every job works with.</summary>
/// <param name="Settings">The settings.</param>
/// <param name="Reporter">Takes progress and warnings.</param>
/// <param name="Time">The clock.</param>
/// <param name="Loggers">The job's log.</param>
public sealed record JobEnvironment(BackupSettings Settings, IJobReporter Reporter, TimeProvider Time, ILoggerFactory Loggers);

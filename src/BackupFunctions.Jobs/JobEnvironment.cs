using BackupFunctions.Catalog.Sources;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Settings;
using BackupFunctions.Storage;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Jobs;

/// <summary>What every job works with.</summary>
/// <param name="Settings">The settings.</param>
/// <param name="Reporter">Takes progress and warnings.</param>
/// <param name="Time">The clock.</param>
/// <param name="Loggers">The job's log.</param>
public sealed record JobEnvironment(BackupSettings Settings, IJobReporter Reporter, TimeProvider Time, ILoggerFactory Loggers)
{
    /// <summary>Used in place of the settings' targets when set.</summary>
    internal IReadOnlyList<IStorageTarget>? Targets { get; init; }

    internal IReadOnlyList<IStorageTarget> OpenTargets() => Targets ?? StorageTargets.Create(Settings, Loggers);
}

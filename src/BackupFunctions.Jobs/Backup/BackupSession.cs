using BackupFunctions.Storage;
using BackupFunctions.Storage.FanOut;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Jobs.Backup;

/// <summary>How every backup writes: the required copies and the patience of the settings.</summary>
internal static class BackupSession
{
    public static FanOutSession Open(JobEnvironment environment, IReadOnlyList<IStorageTarget> targets) => new(
        targets, environment.Settings.RequiredCopies, environment.Loggers.CreateLogger<FanOutSession>(),
        new FanOutOptions { SlowTargetAllowance = environment.Settings.SlowTargetAllowance });
}

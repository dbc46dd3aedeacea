using BackupFunctions.Settings;
using BackupFunctions.Storage;
using BackupFunctions.Storage.Local;
using BackupFunctions.Storage.S3;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Catalog.Sources;

/// <summary>Targets of the settings, in reading order.</summary>
public static class StorageTargets
{
    public static IReadOnlyList<IStorageTarget> Create(BackupSettings settings, ILoggerFactory loggers) => settings.Targets.Count > 0
        ? [.. settings.Targets.Select(target => Create(target, loggers))]
        : throw new Contracts.PgdrException(
            Contracts.ErrorCodes.InvalidSettings, "No storage target is configured: set LOCAL_BACKUP_PATH, R2_*, B2_* or Targets__name__*.");

    private static IStorageTarget Create(TargetSettings target, ILoggerFactory loggers) => target.Type switch
    {
        TargetType.Local => new LocalTarget(target.Name, target.Path!),
        _ => new S3Target(
            target.Name,
            new S3TargetOptions
            {
                Endpoint = target.Endpoint!.ToString(),
                Region = target.Region!,
                Bucket = target.Bucket!,
                AccessKey = target.AccessKey!,
                SecretKey = target.SecretKey!.Read(),
            },
            loggers.CreateLogger<S3Target>()),
    };
}

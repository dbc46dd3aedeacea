using BackupFunctions.Contracts;
using BackupFunctions.Settings;
using BackupFunctions.Storage;
using BackupFunctions.Storage.AzureBlob;
using BackupFunctions.Storage.Local;
using BackupFunctions.Storage.S3;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Catalog.Sources;

/// <summary>Targets of the settings, in reading order.</summary>
public static class StorageTargets
{
    public static IReadOnlyList<IStorageTarget> Create(BackupSettings settings, ILoggerFactory loggers)
    {
        if (settings.Targets.Count == 0)
        {
            throw NoneConfigured();
        }

        IReadOnlyList<IStorageTarget> targets = [.. settings.Targets.Select(target => Create(target, settings.ReadPatience, loggers))];
        RefuseSamePlace(targets);
        return targets;
    }

    /// <summary>One target alone, so that what is wrong with it says nothing about the others.</summary>
    /// <exception cref="PgdrException">Its settings cannot be used.</exception>
    public static IStorageTarget Create(TargetSettings target, TimeSpan readPatience, ILoggerFactory loggers) => target.Type switch
    {
        TargetType.Local => new LocalTarget(target.Name, target.Path!),
        TargetType.AzureBlob => new AzureBlobTarget(
            target.Name,
            new AzureBlobTargetOptions
            {
                Endpoint = target.Endpoint,
                Container = target.Container,
                ConnectionString = target.ConnectionString?.Read(),
                SasUrl = target.SasUrl?.Read(),
                AccountName = target.AccountName,
                AccountKey = target.AccountKey?.Read(),
                ClientId = target.ClientId,
                Lock = Lock(target),
                ReadRetryBudget = readPatience,
            },
            loggers.CreateLogger<AzureBlobTarget>()),
        _ => new S3Target(
            target.Name,
            new S3TargetOptions
            {
                Endpoint = target.Endpoint!.ToString(),
                Region = target.Region!,
                Bucket = target.Bucket!,
                AccessKey = target.AccessKey!,
                SecretKey = target.SecretKey!.Read(),
                Profile = Profile(target),
                Lock = Lock(target),
                ReadRetryBudget = readPatience,
            },
            loggers.CreateLogger<S3Target>()),
    };

    public static PgdrException NoneConfigured() =>
        Invalid("No storage target is configured: set LOCAL_BACKUP_PATH, R2_*, B2_* or Targets__name__*.");

    private static LockPolicy? Lock(TargetSettings target) =>
        target.ObjectLock is { } mode ? new LockPolicy(mode, TimeSpan.FromDays(target.ObjectLockDays)) : null;

    private static S3Profile Profile(TargetSettings target) => target.Profile is not { } name
        ? S3Profile.Of(target.Endpoint!)
        : S3Profile.Named(name)
          ?? throw Invalid($"Setting Targets:{target.Name}:Profile is not usable: choose one of {string.Join(", ", S3Profile.Names)}.");

    /// <summary>What connection strings and SAS URLs hold is known only now.</summary>
    private static void RefuseSamePlace(IReadOnlyList<IStorageTarget> targets)
    {
        var twice = targets.OfType<AzureBlobTarget>().GroupBy(target => target.Place, StringComparer.Ordinal).FirstOrDefault(place => place.Count() > 1);
        if (twice is not null)
        {
            throw Invalid(
                $"Setting Targets is not usable: {string.Join(" and ", twice.Select(target => $"'{target.Name}'"))} store at the same place, "
                + "and one copy must not count as two.");
        }
    }

    private static PgdrException Invalid(string message) => new(ErrorCodes.InvalidSettings, message);
}

using BackupFunctions.Settings;
using BackupFunctions.Storage;
using BackupFunctions.Storage.AzureBlob;
using BackupFunctions.Storage.Local;
using BackupFunctions.Storage.S3;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Faults.Tests.Support;

/// <summary>
/// The targets of the settings with short patience and the smallest parts, so that a test of a store that stays away takes two seconds and
/// a small object has two parts. R2 knows conditional writes and B2 does not, as the real ones.
/// </summary>
internal static class SiteTargets
{
    /// <summary>Of a silent store; twice that while writing.</summary>
    private static readonly TimeSpan StallTimeout = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan RetryBudget = TimeSpan.FromSeconds(2);

    public static IReadOnlyList<IStorageTarget> Open(BackupSettings settings, ILogger logger) =>
        [.. settings.Targets.Select(target => Open(target, settings.ReadPatience, logger))];

    private static IStorageTarget Open(TargetSettings target, TimeSpan readPatience, ILogger logger) => target.Type switch
    {
        TargetType.Local => new LocalTarget(target.Name, target.Path!),
        TargetType.AzureBlob => new AzureBlobTarget(
            target.Name,
            new AzureBlobTargetOptions
            {
                Endpoint = target.Endpoint,
                Container = target.Container,
                AccountName = target.AccountName,
                AccountKey = target.AccountKey!.Read(),
                PartSize = S3TargetOptions.SmallestPartSize,
                StallTimeout = StallTimeout,
                RetryBudget = RetryBudget,
                ReadRetryBudget = readPatience,
            },
            logger),
        _ => new S3Target(
            target.Name,
            new S3TargetOptions
            {
                Endpoint = target.Endpoint!.ToString(),
                Region = target.Region!,
                Bucket = target.Bucket!,
                AccessKey = target.AccessKey!,
                SecretKey = target.SecretKey!.Read(),
                PartSize = S3TargetOptions.SmallestPartSize,
                StallTimeout = StallTimeout,
                ReadRetryBudget = readPatience,
                Profile = (target.Name == "r2" ? S3Profile.R2 : S3Profile.B2) with { FirstPause = FirstPause },
            },
            logger),
    };
}

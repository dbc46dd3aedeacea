using BackupFunctions.Settings;
using BackupFunctions.Storage;
using BackupFunctions.Storage.AzureBlob;
using BackupFunctions.Storage.Local;
using BackupFunctions.Storage.S3;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Faults.Tests.Support;

/// <summary>
/// The targets of the settings with short pauses between attempts and the smallest parts, so that a test of a store that stays away takes
/// two seconds and a small object has two parts. R2 knows conditional writes and B2 does not, as the real ones.
/// </summary>
internal static class SiteTargets
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(40);

    /// <summary>More than a busy machine needs for one request.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Impatience = TimeSpan.FromSeconds(2);

    /// <param name="settings">Name the targets.</param>
    /// <param name="impatient">The target whose silence of seconds counts; null: none.</param>
    /// <param name="logger">Of all of them.</param>
    public static IReadOnlyList<IStorageTarget> Open(BackupSettings settings, string? impatient, ILogger logger) =>
        [.. settings.Targets.Select(target => Open(target, target.Name == impatient, logger))];

    private static IStorageTarget Open(TargetSettings target, bool impatient, ILogger logger) => target.Type switch
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
                StallTimeout = Patience,
                RetryBudget = Patience,
                ReadRetryBudget = Patience,
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
                StallTimeout = impatient ? Impatience : Patience,
                RetryBudget = impatient ? Impatience : Patience,
                ReadRetryBudget = impatient ? Impatience : Patience,
                Profile = (target.Name == "r2" ? S3Profile.R2 : S3Profile.B2) with { FirstPause = FirstPause },
            },
            logger),
    };
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Storage;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Jobs.Retention;

/// <summary>
/// Tells retention that a backup is being read: a small object beside it, gone when the reading ends. Never stands in the way of the
/// reading: a target that does not take it, or is slow to, is left out, and the grace of tombstones protects all the same.
/// </summary>
internal sealed class ReadLease : IAsyncDisposable
{
    /// <summary>What a killed reader left counts so long, by the target's clock.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly string _key;
    private readonly ILogger _logger;
    private readonly ConcurrentBag<IStorageTarget> _taken = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _taking;

    private ReadLease(IReadOnlyList<IStorageTarget> targets, string key, ILogger logger)
    {
        (_key, _logger) = (key, logger);
        _taking = EachAsync(targets, TakeAsync, _stop.Token);
    }

    /// <param name="targets">All that hold the backup.</param>
    /// <param name="cluster">The first folder.</param>
    /// <param name="backupId">What is read.</param>
    /// <param name="holder">Who reads, letters, digits and '-'.</param>
    /// <param name="time">Makes the lease of a later reading another one.</param>
    /// <param name="logger">Learns of targets that do not take it.</param>
    public static ReadLease Take(IReadOnlyList<IStorageTarget> targets, string cluster, string backupId, string holder, TimeProvider time, ILogger logger) =>
        new(targets, StorageKeys.Lease(cluster, backupId, string.Create(CultureInfo.InvariantCulture, $"{holder}-{time.GetUtcNow():yyyyMMddHHmmssfff}")), logger);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        // What is still being written would come to stay after it was taken back. A target that hangs has not taken it.
        await Task.WhenAny(_taking, Task.Delay(Patience));
        using var patience = new CancellationTokenSource(Patience);
        await Task.WhenAny(
            EachAsync([.. _taken], (target, token) => target.DeleteOrHideAsync(_key, token), patience.Token), Task.Delay(Patience));
        _stop.Dispose();
    }

    private async Task TakeAsync(IStorageTarget target, CancellationToken cancellationToken)
    {
        await using var writer = await target.CreateAsync(_key, cancellationToken);
        await writer.WriteAsync(Encoding.ASCII.GetBytes("This backup is being read.\n"), cancellationToken);
        await writer.CompleteAsync(cancellationToken);
        _taken.Add(target);
    }

    private Task EachAsync(IReadOnlyList<IStorageTarget> targets, Func<IStorageTarget, CancellationToken, Task> work, CancellationToken cancellationToken) =>
        Task.WhenAll(targets.Select(async target =>
        {
            try
            {
                await Task.Run(() => work(target, cancellationToken), CancellationToken.None);
            }
            catch (Exception e)
            {
                _logger.LogDebug(e, "The lease {Key} on target {Target} was not changed.", _key, target.Name);
            }
        }));
}

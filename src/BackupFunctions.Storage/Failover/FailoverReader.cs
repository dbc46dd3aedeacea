using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Storage.Failover;

/// <summary>
/// Reads objects from the first target that serves them, and goes on at the same byte of the next one when it stops or is slow. Safe for
/// several objects at the same time.
/// </summary>
public sealed class FailoverReader
{
    private readonly IReadOnlyList<IStorageTarget> _targets;
    private readonly ILogger _logger;
    private readonly TargetHealth _health;
    private readonly HedgeDelay _hedgeDelay;
    private readonly ConcurrentQueue<FailoverEvent> _failovers = new();
    private readonly ConcurrentDictionary<string, long> _bytes = new(StringComparer.Ordinal);

    public FailoverReader(IReadOnlyList<IStorageTarget> targetsInOrder, FailoverReaderOptions options, ILogger logger)
    {
        ArgumentOutOfRangeException.ThrowIfZero(targetsInOrder.Count);
        (_targets, Options, _logger) = (targetsInOrder, options, logger);
        (_health, _hedgeDelay) = (new TargetHealth(options), new HedgeDelay(options.HedgeDelay));
    }

    /// <summary>Every switch so far, one sentence each, oldest first.</summary>
    public IReadOnlyList<string> Failovers => [.. _failovers.Select(failover => failover.ToString())];

    /// <summary>Bytes read, by target name; targets that served nothing are not listed.</summary>
    public IReadOnlyDictionary<string, long> BytesByTarget => new Dictionary<string, long>(_bytes, StringComparer.Ordinal);

    internal FailoverReaderOptions Options { get; }

    /// <summary>After which a read counts as late.</summary>
    internal TimeSpan HedgeDelay => _hedgeDelay.Current;

    /// <summary>Opens the first target that serves the object; a second one is asked as well when the first is late.</summary>
    /// <param name="key">The object.</param>
    /// <param name="size">Its size in bytes as the manifest says: a target whose copy ends before has failed.</param>
    /// <param name="cancellationToken">Ends waiting for targets.</param>
    /// <exception cref="StorageException">No target serves it: object.absent when all know that they do not hold it.</exception>
    public Task<FailoverStream> OpenAsync(string key, long size, CancellationToken cancellationToken) =>
        OpenAsync(key, size, new HashSet<string>(StringComparer.Ordinal), cancellationToken);

    /// <summary>As above, without the targets named: their copy was found damaged.</summary>
    public async Task<FailoverStream> OpenAsync(string key, long size, ISet<string> excluding, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        var targets = _health.Order(_targets.Where(target => !excluding.Contains(target.Name)));
        var sources = new FailoverSources(this, targets, key, size);
        try
        {
            await sources.ReadAsync(Memory<byte>.Empty, cancellationToken);
            return new FailoverStream(sources, size);
        }
        catch
        {
            sources.Dispose();
            throw;
        }
    }

    /// <summary>Tells that a target served bytes that did not verify: it is tried last from now on.</summary>
    public void Suspect(string target, string cause)
    {
        _logger.LogWarning("Target {Target} is tried last from now on: {Cause}", target, cause);
        _health.Failed(target);
    }

    internal void Failed(string target) => _health.Failed(target);

    internal void Succeeded(string target) => _health.Succeeded(target);

    internal void Waited(TimeSpan wait) => _hedgeDelay.Add(wait);

    internal void Served(string target, int bytes)
    {
        if (bytes > 0)
        {
            _bytes.AddOrUpdate(target, bytes, (_, sum) => sum + bytes);
        }
    }

    internal void Switched(FailoverEvent failover)
    {
        _failovers.Enqueue(failover);
        _logger.LogWarning("{Failover}", failover);
        Options.OnFailover?.Invoke(failover);
    }
}

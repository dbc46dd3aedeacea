using System.Collections.Concurrent;
using System.Collections.Immutable;
using BackupFunctions.Contracts;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Storage.FanOut;

/// <summary>
/// Writes the objects of one backup to all targets in one pass. A target that fails once, or keeps the others waiting for too long, is out
/// for the rest of the session, with its cause; the session goes on while enough targets are left. Safe for several objects at the same time.
/// </summary>
public sealed class FanOutSession
{
    private static readonly TimeSpan SettlePatience = TimeSpan.FromSeconds(15);

    private readonly IReadOnlyList<IStorageTarget> _targets;
    private readonly int _requiredCopies;
    private readonly ILogger _logger;
    private readonly FanOutOptions _options;
    private readonly ConcurrentBag<Task> _leaving = [];
    private readonly Lock _lock = new();
    private ImmutableDictionary<string, string> _failures = ImmutableDictionary<string, string>.Empty;

    /// <param name="targets">Names differ.</param>
    /// <param name="requiredCopies">From 1 to the number of targets.</param>
    /// <param name="logger">Learns of every target that is dropped.</param>
    /// <param name="stallTimeout">A target that takes nothing for so long has failed; 5 minutes by default.</param>
    /// <exception cref="PgdrException">Fewer targets than required copies, or a name twice (settings.invalid).</exception>
    public FanOutSession(IReadOnlyList<IStorageTarget> targets, int requiredCopies, ILogger logger, TimeSpan? stallTimeout = null)
        : this(targets, requiredCopies, logger, stallTimeout is { } given ? new FanOutOptions { StallTimeout = given } : new FanOutOptions())
    {
    }

    /// <param name="targets">Names differ.</param>
    /// <param name="requiredCopies">From 1 to the number of targets.</param>
    /// <param name="logger">Learns of every target that is dropped.</param>
    /// <param name="options">Patience.</param>
    /// <exception cref="PgdrException">Fewer targets than required copies, or a name twice (settings.invalid).</exception>
    public FanOutSession(IReadOnlyList<IStorageTarget> targets, int requiredCopies, ILogger logger, FanOutOptions options)
    {
        if (requiredCopies < 1 || requiredCopies > targets.Count)
        {
            throw new PgdrException(
                ErrorCodes.InvalidSettings,
                $"{requiredCopies} copies are required of {targets.Count} storage targets: require 1 to {targets.Count}, or add targets.");
        }

        if (targets.DistinctBy(target => target.Name, StringComparer.Ordinal).Count() != targets.Count)
        {
            throw new PgdrException(ErrorCodes.InvalidSettings, "Two storage targets have the same name: give each its own.");
        }

        (_targets, _requiredCopies, _logger, _options) = (targets, requiredCopies, logger, options);
        Waiting = new WaitingTimes(options);
    }

    /// <summary>Targets that hold everything completed so far.</summary>
    public IReadOnlyList<IStorageTarget> Alive => [.. _targets.Where(target => IsAlive(target.Name))];

    /// <summary>Cause by target name.</summary>
    public IReadOnlyDictionary<string, string> Failures => Volatile.Read(ref _failures);

    internal WaitingTimes Waiting { get; }

    internal TimeSpan StallTimeout => _options.StallTimeout;

    /// <exception cref="StorageException">Too few targets are left (copies.missing).</exception>
    public async Task<FanOutObject> CreateAsync(string key, CancellationToken cancellationToken)
    {
        ObjectKey.Validate("all", key);
        EnsureEnough();
        var opening = Alive.Select(target => (Target: target, Lane: OpenAsync(target, key, cancellationToken))).ToList();
        await WaitAsync([.. opening.Select(each => new TargetWork(each.Target, each.Lane))], cancellationToken);
        var lanes = new List<TargetLane>();
        foreach (var (_, lane) in opening)
        {
            if (!lane.IsCompleted)
            {
                LetGo(EndAsync(lane));
            }
            else if (await lane is { } opened)
            {
                lanes.Add(opened);
            }
        }

        var created = new FanOutObject(this, key, lanes);
        try
        {
            EnsureEnough();
            cancellationToken.ThrowIfCancellationRequested();
            return created;
        }
        catch
        {
            await created.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes one small object (a manifest) whose bytes are at hand.</summary>
    /// <exception cref="StorageException">Too few targets hold it (copies.missing).</exception>
    public async Task PutAllAsync(string key, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await using var created = await CreateAsync(key, cancellationToken);
        await created.WriteAsync(bytes, cancellationToken);
        await created.CompleteAsync(cancellationToken);
    }

    /// <summary>Waits for targets that were dropped to free what they had taken, for as long as that is worth it.</summary>
    public Task SettleAsync() => Task.WhenAny(Task.WhenAll(_leaving), Task.Delay(SettlePatience));

    internal bool IsAlive(string target) => !Failures.ContainsKey(target);

    internal void Fail(IStorageTarget target, Exception exception)
    {
        var cause = exception is PgdrException ? exception.Message : $"Target {target.Name} failed: {exception.Message}.";
        lock (_lock)
        {
            if (_failures.ContainsKey(target.Name))
            {
                return;
            }

            _failures = _failures.Add(target.Name, cause);
        }

        _logger.LogWarning("Target {Target} is left out of the rest of this backup: {Cause}", target.Name, cause);
    }

    /// <summary>The end of a dropped target's upload, which the backup does not wait for.</summary>
    internal void LetGo(Task ending) => _leaving.Add(ending);

    /// <summary>Waits for all that was asked, but for the last target only as long as its allowance reaches: then it is left out. Ends early when canceled.</summary>
    internal async Task WaitAsync(IReadOnlyList<TargetWork> asked, CancellationToken cancellationToken)
    {
        var open = asked.Where(work => !work.Task.IsCompleted).ToList();
        while (open.Count > 1)
        {
            await Task.WhenAny(open.Select(work => work.Task));
            open.RemoveAll(work => work.Task.IsCompleted);
        }

        if (open is [var last])
        {
            await WaitAloneAsync(last, cancellationToken);
        }
    }

    internal void EnsureEnough()
    {
        var failures = _failures;
        var left = _targets.Count - failures.Count;
        if (left < _requiredCopies)
        {
            var causes = string.Join(" ", failures.OrderBy(failure => failure.Key, StringComparer.Ordinal).Select(failure => failure.Value));
            throw new StorageException(
                ErrorCodes.CopiesMissing, string.Join(", ", failures.Keys.Order(StringComparer.Ordinal)),
                $"Only {left} of {_targets.Count} storage targets can take the backup, {_requiredCopies} are required: {causes}");
        }
    }

    private async Task WaitAloneAsync(TargetWork work, CancellationToken cancellationToken)
    {
        var target = work.Target.Name;
        Waiting.Begin(target);
        try
        {
            while (!work.Task.IsCompleted && IsAlive(target) && !cancellationToken.IsCancellationRequested)
            {
                var left = Waiting.LeftFor(target);
                if (left <= TimeSpan.Zero && TryLeaveOut(target))
                {
                    return;
                }

                // A required copy is waited for until it stalls.
                left = left > TimeSpan.Zero ? left : Timeout.InfiniteTimeSpan;
                await Task.WhenAny(work.Task.WaitAsync(left, _options.Time, cancellationToken));
            }
        }
        finally
        {
            Waiting.End(target);
        }
    }

    /// <summary>False: its copy is required.</summary>
    private bool TryLeaveOut(string target)
    {
        var cause = $"Target {target} is slow: the backup has waited {Waiting.Of(target).TotalSeconds:0} s for it alone, so its copy is finished later from another one.";
        lock (_lock)
        {
            if (!_failures.ContainsKey(target) && _targets.Count - _failures.Count <= _requiredCopies)
            {
                return false;
            }

            _failures = _failures.ContainsKey(target) ? _failures : _failures.Add(target, cause);
        }

        _logger.LogWarning("Target {Target} is left out of the rest of this backup: {Cause}", target, cause);
        return true;
    }

    private static async Task EndAsync(Task<TargetLane?> late)
    {
        if (await late is { } lane)
        {
            await lane.DisposeAsync();
        }
    }

    /// <summary>Null, and the target marked, when it fails; the caller's cancellation is nobody's failure.</summary>
    private async Task<TargetLane?> OpenAsync(IStorageTarget target, string key, CancellationToken cancellationToken)
    {
        try
        {
            return new TargetLane(target, await target.CreateAsync(key, cancellationToken).WaitAsync(StallTimeout, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception e)
        {
            Fail(target, e);
            return null;
        }
    }
}

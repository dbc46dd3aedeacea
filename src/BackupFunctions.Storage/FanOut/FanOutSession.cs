using System.Collections.Immutable;
using BackupFunctions.Contracts;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Storage.FanOut;

/// <summary>
/// Writes the objects of one backup to all targets in one pass. A target that fails once is out for the rest of the session, with its
/// cause; the session goes on while enough targets are left. Safe for several objects at the same time.
/// </summary>
public sealed class FanOutSession
{
    private static readonly TimeSpan DefaultStallTimeout = TimeSpan.FromMinutes(5);

    private readonly IReadOnlyList<IStorageTarget> _targets;
    private readonly int _requiredCopies;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private ImmutableDictionary<string, string> _failures = ImmutableDictionary<string, string>.Empty;

    /// <param name="targets">Names differ.</param>
    /// <param name="requiredCopies">From 1 to the number of targets.</param>
    /// <param name="logger">Learns of every target that is dropped.</param>
    /// <param name="stallTimeout">A target that takes nothing for so long has failed; 5 minutes by default.</param>
    /// <exception cref="PgdrException">Fewer targets than required copies, or a name twice (settings.invalid).</exception>
    public FanOutSession(IReadOnlyList<IStorageTarget> targets, int requiredCopies, ILogger logger, TimeSpan? stallTimeout = null)
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

        (_targets, _requiredCopies, _logger) = (targets, requiredCopies, logger);
        StallTimeout = stallTimeout ?? DefaultStallTimeout;
    }

    /// <summary>Targets that hold everything completed so far.</summary>
    public IReadOnlyList<IStorageTarget> Alive => [.. _targets.Where(target => IsAlive(target.Name))];

    /// <summary>Cause by target name.</summary>
    public IReadOnlyDictionary<string, string> Failures => Volatile.Read(ref _failures);

    internal TimeSpan StallTimeout { get; }

    /// <exception cref="StorageException">Too few targets are left (copies.missing).</exception>
    public async Task<FanOutObject> CreateAsync(string key, CancellationToken cancellationToken)
    {
        ObjectKey.Validate("all", key);
        EnsureEnough();
        var lanes = await Task.WhenAll(Alive.Select(target => AttemptAsync(
            target,
            async () => new TargetLane(target, await target.CreateAsync(key, cancellationToken).WaitAsync(StallTimeout, cancellationToken)),
            cancellationToken)));
        var created = new FanOutObject(this, key, lanes.OfType<TargetLane>());
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

    /// <summary>Null, and the target marked, when it fails; the caller's cancellation is nobody's failure.</summary>
    private async Task<TargetLane?> AttemptAsync(IStorageTarget target, Func<Task<TargetLane>> create, CancellationToken cancellationToken)
    {
        try
        {
            return await create();
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

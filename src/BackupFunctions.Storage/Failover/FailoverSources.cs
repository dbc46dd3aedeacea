using BackupFunctions.Contracts;

namespace BackupFunctions.Storage.Failover;

/// <summary>
/// The next bytes of one object from whichever target has them: the one at hand; another when it fails, from the same byte on; both for as
/// long as it is late; another for good when it trickles. Never more than two are asked at once.
/// </summary>
internal sealed class FailoverSources : IDisposable
{
    private readonly FailoverReader _reader;
    private readonly string _key;
    private readonly long _size;
    private readonly LinkedList<IStorageTarget> _candidates;
    private readonly List<FailedAttempt> _failures = [];
    private readonly List<string> _used = [];
    private readonly ThroughputWatch _watch;
    private SourceReader? _current;
    private int _hedgePatience = 1;

    public FailoverSources(FailoverReader reader, IEnumerable<IStorageTarget> targets, string key, long size)
    {
        (_reader, _key, _size) = (reader, key, size);
        _candidates = new LinkedList<IStorageTarget>(targets);
        _watch = new ThroughputWatch(reader.Options);
    }

    public long Position { get; private set; }

    /// <summary>Names of the targets that bytes came from, in order.</summary>
    public IReadOnlyList<string> Used => _used;

    private FailoverReaderOptions Options => _reader.Options;

    /// <param name="buffer">Takes the bytes; with an empty one a target is only opened.</param>
    /// <param name="cancellationToken">Ends it; the next read begins where this one did.</param>
    /// <exception cref="StorageException">No target can go on.</exception>
    public async Task<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var wanted = (int)Math.Min(Math.Min(buffer.Length, SourceReader.BlockSize), _size - Position);
        var winner = _watch.IsSlow && _candidates.Count > 0 ? await ChallengeAsync(wanted, cancellationToken) : null;
        winner ??= await RaceAsync(wanted, cancellationToken);
        var read = await winner.Reading;
        winner.Source.Block[..read].CopyTo(buffer.Span);
        Served(winner, read);
        return read;
    }

    public void Dispose()
    {
        _current?.Dispose();
        _current = null;
    }

    /// <summary>Asks the target at hand and, once it is late, the next one as well; the first to deliver is at hand from then on.</summary>
    private async Task<Runner> RaceAsync(int wanted, CancellationToken cancellationToken)
    {
        var runners = new List<Runner>(2);
        (string From, string Cause)? leaving = null;
        var patience = TimeSpan.Zero;
        try
        {
            while (true)
            {
                if (runners.Count == 0)
                {
                    runners.Add(Start(_current ?? OpenNext(), wanted));
                }

                var mayHedge = runners.Count == 1 && _candidates.Count > 0;
                patience = mayHedge ? _reader.HedgeDelay * _hedgePatience : patience;
                if (!await Runner.AnyEndedAsync(runners, mayHedge ? patience : Timeout.InfiniteTimeSpan, Options.Time, cancellationToken))
                {
                    runners.Add(Start(OpenNext(), wanted));
                    continue;
                }

                var ended = runners.Find(runner => runner.Reading.IsCompleted)!;
                var wasFirst = ReferenceEquals(ended, runners[0]);
                runners.Remove(ended);
                if (await ended.FailureAsync(cancellationToken) is { } failure)
                {
                    var cause = Fail(ended.Source, failure);
                    leaving = wasFirst ? (ended.Source.Target.Name, cause) : leaving;
                    continue;
                }

                if (runners.Count > 0 && wasFirst)
                {
                    // Asking twice did not help: ask later the next time.
                    _hedgePatience *= 2;
                    Leave(runners[0].Source, _candidates.AddFirst);
                }
                else if (runners.Count > 0)
                {
                    leaving = LeaveSlow(runners[0].Source, $"nothing of {_key} came within {patience.TotalSeconds:0.#} s");
                }

                runners.Clear();
                TakeUp(ended.Source, leaving);
                return ended;
            }
        }
        finally
        {
            // Canceled: who was asked first will be again.
            foreach (var runner in Enumerable.Reverse(runners))
            {
                Leave(runner.Source, _candidates.AddFirst);
            }
        }
    }

    /// <summary>In place of a target that trickles, which a race would not tell: it always delivers a little. Null: the next one does not do better.</summary>
    private async Task<Runner?> ChallengeAsync(int wanted, CancellationToken cancellationToken)
    {
        var challenger = Start(OpenNext(), wanted);
        try
        {
            var answered = await Runner.AnyEndedAsync([challenger], Options.SlowWindow, Options.Time, cancellationToken);
            if (answered && await challenger.FailureAsync(cancellationToken) is { } failure)
            {
                Fail(challenger.Source, failure);
                _watch.BePatient();
                return null;
            }

            if (!answered)
            {
                Leave(challenger.Source, _candidates.AddLast);
                _watch.BePatient();
                return null;
            }
        }
        catch (OperationCanceledException)
        {
            Leave(challenger.Source, _candidates.AddFirst);
            throw;
        }

        TakeUp(challenger.Source, LeaveSlow(_current!, $"{_key} came at {_watch.Finding}"));
        return challenger;
    }

    private SourceReader OpenNext()
    {
        if (_candidates.First is not { } next)
        {
            throw FailedAttempt.Combine(_key, _failures);
        }

        _candidates.RemoveFirst();
        return new SourceReader(next.Value, _key, _size, Position, Options.StallTimeout);
    }

    private Runner Start(SourceReader source, int wanted)
    {
        var began = Options.Time.GetTimestamp();
        return new Runner(source, source.ReadAsync(wanted), began);
    }

    /// <returns>The cause.</returns>
    private string Fail(SourceReader source, Exception exception)
    {
        var attempt = FailedAttempt.Of(source.Target.Name, exception);
        _failures.Add(attempt);
        if (!attempt.IsAbsent)
        {
            _reader.Failed(source.Target.Name);
        }

        // One that did serve before it broke off is worth another try when the others cannot help either.
        var again = source.Served > 0 && attempt.Code is not ErrorCodes.ObjectDamaged;
        Leave(source, again ? _candidates.AddLast : null);
        return attempt.Cause;
    }

    private (string From, string Cause) LeaveSlow(SourceReader source, string finding)
    {
        _reader.Failed(source.Target.Name);
        Leave(source, _candidates.AddLast);
        return (source.Target.Name, $"Target {source.Target.Name} is slow: {finding}.");
    }

    private void Leave(SourceReader source, Func<IStorageTarget, LinkedListNode<IStorageTarget>>? queue)
    {
        _current = ReferenceEquals(source, _current) ? null : _current;
        queue?.Invoke(source.Target);
        source.Dispose();
    }

    private void TakeUp(SourceReader source, (string From, string Cause)? leaving)
    {
        if (ReferenceEquals(source, _current))
        {
            return;
        }

        _current = source;
        _watch.Reset();
        if (leaving is { } left)
        {
            _reader.Switched(new FailoverEvent(left.From, source.Target.Name, _key, Position, left.Cause));
        }
    }

    private void Served(Runner winner, int bytes)
    {
        var waited = Options.Time.GetElapsedTime(winner.Began);
        if (winner.Source.Served > 0)
        {
            // Opening takes its own time, and is no measure of the line.
            _watch.Add(bytes, waited);
            _reader.Waited(waited);
        }

        var target = winner.Source.Target.Name;
        winner.Source.Served += bytes;
        Position += bytes;
        _reader.Served(target, bytes);
        if (bytes > 0 && (_used.Count == 0 || !string.Equals(_used[^1], target, StringComparison.Ordinal)))
        {
            _used.Add(target);
        }

        if (Position == _size)
        {
            _reader.Succeeded(target);
        }
    }
}

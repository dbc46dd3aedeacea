using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.JobRunners.Runs;

/// <summary>Collects what a job says of itself and writes it to the run store at most twice a second; watches for the cancel marker.</summary>
public sealed class RunReporter : IJobReporter, IAsyncDisposable
{
    /// <summary>The time before the job's first phase.</summary>
    private const string Start = "start";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly Lock _writing = new();
    private readonly RunStore _store;
    private readonly string _runId;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _cancellation;
    private readonly ITimer _timer;
    private readonly List<string> _failovers = [];
    private readonly List<string> _finished = [];
    private readonly List<string> _warnings = [];
    private readonly List<string> _basesNeeded;
    private readonly Dictionary<string, double> _seconds = new(StringComparer.Ordinal);
    private string _phase = Start;
    private DateTimeOffset _phaseStart;
    private long _bytesDone;
    private long? _bytesTotal;
    private string? _detail;
    private string? _target;
    private bool _changed = true;

    internal RunReporter(RunStore store, string runId, TimeProvider time, CancellationTokenSource cancellation)
    {
        _store = store;
        _runId = runId;
        _time = time;
        _cancellation = cancellation;
        _phaseStart = time.GetUtcNow();

        // What an earlier start of the run asked for may not have been seen.
        _basesNeeded = [.. store.ReadProgress(runId)?.BasesNeeded ?? []];
        _timer = time.CreateTimer(_ => Tick(), state: null, Interval, Interval);
    }

    public string RunId => _runId;

    public IReadOnlyList<string> Warnings
    {
        get
        {
            lock (_lock)
            {
                return [.. _warnings];
            }
        }
    }

    /// <summary>Begins a phase and ends the one before; written at once, because workflows follow phases.</summary>
    public void Phase(string phase, long? bytesTotal = null)
    {
        lock (_lock)
        {
            EndPhase();
            _phase = phase;
            _bytesDone = 0;
            _bytesTotal = bytesTotal;
            _detail = null;
            _changed = true;
        }

        Write();
    }

    public void Bytes(long done)
    {
        lock (_lock)
        {
            _bytesDone = done;
            _changed = true;
        }
    }

    public void AddBytes(long more)
    {
        lock (_lock)
        {
            _bytesDone += more;
            _changed = true;
        }
    }

    public void Detail(string detail)
    {
        lock (_lock)
        {
            _detail = detail;
            _changed = true;
        }
    }

    public void Target(string name)
    {
        lock (_lock)
        {
            _target = name;
            _changed = true;
        }
    }

    public void Failover(string sentence)
    {
        lock (_lock)
        {
            _failovers.Add(sentence);
            _changed = true;
        }
    }

    /// <summary>Written at once: it must not be lost with the process.</summary>
    public void NeedBase(string gapId)
    {
        lock (_lock)
        {
            if (_basesNeeded.Contains(gapId, StringComparer.Ordinal))
            {
                return;
            }

            _basesNeeded.Add(gapId);
            _changed = true;
        }

        Write();
    }

    public void Warn(string sentence)
    {
        lock (_lock)
        {
            if (!_warnings.Contains(sentence, StringComparer.Ordinal))
            {
                _warnings.Add(sentence);
            }
        }
    }

    public IReadOnlyDictionary<string, double> PhaseSeconds()
    {
        lock (_lock)
        {
            return new Dictionary<string, double>(_seconds, StringComparer.Ordinal);
        }
    }

    public async ValueTask DisposeAsync() => await _timer.DisposeAsync();

    /// <summary>The work is over. Its last phase counts as finished only if the work succeeded: workflows go on when a phase is.</summary>
    internal async Task EndAsync(bool succeeded)
    {
        await _timer.DisposeAsync();
        lock (_lock)
        {
            if (succeeded)
            {
                EndPhase();
            }
            else
            {
                CountSeconds();
            }

            _changed = true;
        }

        Write();
    }

    private void EndPhase()
    {
        CountSeconds();
        if (!string.Equals(_phase, Start, StringComparison.Ordinal) && !_finished.Contains(_phase, StringComparer.Ordinal))
        {
            _finished.Add(_phase);
        }
    }

    private void CountSeconds()
    {
        var now = _time.GetUtcNow();
        if (!string.Equals(_phase, Start, StringComparison.Ordinal))
        {
            _seconds[_phase] = _seconds.GetValueOrDefault(_phase) + (now - _phaseStart).TotalSeconds;
        }

        _phaseStart = now;
    }

    /// <summary>Looks for the cancel marker and writes what has changed.</summary>
    internal void Tick()
    {
        if (_store.IsCancelRequested(_runId))
        {
            _cancellation.Cancel();
        }

        Write();
    }

    private void Write()
    {
        // Apart from the lock that the work takes for every block: it must not wait for the disk.
        lock (_writing)
        {
            if (TakeChanged() is not { } progress)
            {
                return;
            }

            try
            {
                _store.WriteProgress(_runId, progress);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Progress is for watching: a full disk must show in the work itself, not here.
                lock (_lock)
                {
                    _changed = true;
                }
            }
        }
    }

    private JobProgress? TakeChanged()
    {
        lock (_lock)
        {
            if (!_changed)
            {
                return null;
            }

            _changed = false;
            return new JobProgress(_phase, _bytesDone, _bytesTotal, _detail, [.. _failovers], [.. _finished], _time.GetUtcNow(), _target, _basesNeeded.Count == 0 ? null : [.. _basesNeeded]);
        }
    }
}

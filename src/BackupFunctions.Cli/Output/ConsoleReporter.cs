using System.Globalization;
using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Cli.Output;

/// <summary>Progress for people on standard error: redrawn in place at a terminal, a line per phase elsewhere.</summary>
internal sealed class ConsoleReporter : IJobReporter
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private readonly bool _terminal = !Console.IsErrorRedirected;
    private readonly TimeProvider _time;
    private readonly List<string> _warnings = [];
    private readonly Dictionary<string, double> _seconds = new(StringComparer.Ordinal);
    private string? _measured;
    private long _measuredSince;
    private string _phase = string.Empty;
    private long _done;
    private long? _total;
    private long _drawnAt;
    private bool _lineIsOpen;

    public ConsoleReporter(TimeProvider time) => _time = time;

    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Seconds of the phases that have ended; a name that came twice counts together.</summary>
    public IReadOnlyDictionary<string, double> PhaseSeconds => _seconds;

    public void Phase(string phase, long? bytesTotal = null)
    {
        lock (_lock)
        {
            EndLine();
            Measure(phase);
            _phase = phase;
            _done = 0;
            _total = bytesTotal;
            _lineIsOpen = _terminal;
            Console.Error.Write(_terminal ? phase : phase + "\n");
        }
    }

    public void Bytes(long done)
    {
        lock (_lock)
        {
            _done = done;
            Draw();
        }
    }

    public void AddBytes(long more)
    {
        lock (_lock)
        {
            _done += more;
            Draw();
        }
    }

    public void Detail(string detail)
    {
        // The bar says enough; details are for the status of workflows.
    }

    public void Target(string name)
    {
        // Only a switch is worth a line.
    }

    public void Failover(string sentence) => Line($"failover: {sentence}");

    public void Warn(string sentence)
    {
        lock (_lock)
        {
            if (_warnings.Contains(sentence, StringComparer.Ordinal))
            {
                return;
            }

            _warnings.Add(sentence);
        }

        Line($"warning: {sentence}");
    }

    public void Finish()
    {
        lock (_lock)
        {
            EndLine();
            Measure(next: null);
        }
    }

    private void Measure(string? next)
    {
        if (_measured is not null)
        {
            var seconds = _time.GetElapsedTime(_measuredSince).TotalSeconds;
            _seconds[_measured] = Math.Round(_seconds.GetValueOrDefault(_measured) + seconds, 3);
        }

        (_measured, _measuredSince) = (next, _time.GetTimestamp());
    }

    private void Line(string text)
    {
        lock (_lock)
        {
            EndLine();
            Console.Error.WriteLine(text);
        }
    }

    private void EndLine()
    {
        if (_lineIsOpen)
        {
            Console.Error.Write($"\r\e[K{_phase}: {Megabytes(_done)} MiB\n");
            _lineIsOpen = false;
        }
    }

    private void Draw()
    {
        if (!_terminal || _time.GetElapsedTime(_drawnAt) < Interval)
        {
            return;
        }

        _drawnAt = _time.GetTimestamp();
        _lineIsOpen = true;
        var of = _total is > 0 and var total ? $" of {Megabytes(total)} MiB ({Math.Min(100, 100 * _done / total)} %)" : " MiB";
        Console.Error.Write($"\r\e[K{_phase}: {Megabytes(_done)}{of}");
    }

    private static string Megabytes(long bytes) => (bytes / 1048576.0).ToString("N1", CultureInfo.InvariantCulture);
}

using System.Collections.Concurrent;
using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Jobs.Wal.Upkeep;

/// <summary>What a check of log has found so far, on all servers. Safe for several at the same time.</summary>
internal sealed class LogCounts
{
    /// <summary>Sentences kept; what stands in the way of one copy stands in the way of many.</summary>
    private const int MostProblems = 100;

    private readonly ConcurrentQueue<LogFinding> _findings = new();
    private readonly ConcurrentDictionary<string, byte> _problems = new(StringComparer.Ordinal);
    private int _good;
    private int _copied;
    private int _missing;

    public int Objects { get; set; }

    public int Checked { get; set; }

    public long BytesRead { get; set; }

    public void Good() => Interlocked.Increment(ref _good);

    public void Copied() => Interlocked.Increment(ref _copied);

    public void Missing(int copies) => Interlocked.Add(ref _missing, copies);

    public void Add(LogFinding finding) => _findings.Enqueue(finding);

    public void Problem(string sentence)
    {
        if (_problems.Count < MostProblems)
        {
            _problems.TryAdd(sentence, 0);
        }
    }

    /// <param name="repair">Copies that are missing were to be made; what a later run makes is no failure.</param>
    public LogCheckResult ToResult(bool repair)
    {
        List<LogFinding> findings = [.. _findings.OrderBy(finding => finding.Object, StringComparer.Ordinal).ThenBy(finding => finding.Target, StringComparer.Ordinal)];
        return new LogCheckResult
        {
            Success = _problems.IsEmpty && findings.TrueForAll(finding => finding.Repaired || finding.ReadRight) && (repair || _missing == 0),
            Objects = Objects,
            Checked = Checked,
            Good = _good,
            Damaged = findings.Count(finding => finding.Condition == CopyCondition.Damaged),
            Unreachable = findings.Count(finding => finding.Condition == CopyCondition.Unreachable),
            Repaired = findings.Count(finding => finding.Repaired),
            Missing = _missing,
            Copied = _copied,
            BytesRead = BytesRead,
            Findings = findings,
            Problems = [.. _problems.Keys.Order(StringComparer.Ordinal)],
        };
    }
}

using BackupFunctions.Retention.State;

namespace BackupFunctions.Retention;

/// <summary>Copies that stay, with every reason why.</summary>
internal sealed class KeptCopies
{
    private readonly Dictionary<(string Id, string Target), List<string>> _reasons = [];

    /// <summary>Copies so far: rules that follow from others run until this stands still.</summary>
    public int Count => _reasons.Count;

    /// <summary>A copy whose deletion has begun cannot be kept any more.</summary>
    public void Keep(KnownBackup backup, KnownCopy copy, string reason)
    {
        if (!copy.IsLive)
        {
            return;
        }

        if (!_reasons.TryGetValue((backup.Id, copy.Target), out var reasons))
        {
            _reasons[(backup.Id, copy.Target)] = reasons = [];
        }

        if (!reasons.Contains(reason, StringComparer.Ordinal))
        {
            reasons.Add(reason);
        }
    }

    public void KeepAll(KnownBackup backup, string reason)
    {
        foreach (var copy in backup.Copies)
        {
            Keep(backup, copy, reason);
        }
    }

    public bool Contains(KnownBackup backup, KnownCopy copy) => _reasons.ContainsKey((backup.Id, copy.Target));

    public IReadOnlyList<string> ReasonsOf(KnownBackup backup, KnownCopy copy) => _reasons.GetValueOrDefault((backup.Id, copy.Target)) ?? [];
}

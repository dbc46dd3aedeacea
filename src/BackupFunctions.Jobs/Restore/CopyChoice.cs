namespace BackupFunctions.Jobs.Restore;

/// <summary>
/// Which targets one object is not read from any more. A target that served a damaged object alone is out; where several served parts of
/// it, each is tried alone before it is believed to be the cause.
/// </summary>
internal sealed class CopyChoice
{
    private readonly HashSet<string> _damaged = new(StringComparer.Ordinal);
    private readonly HashSet<string> _doubtful = new(StringComparer.Ordinal);

    private bool _triedDoubtful;

    public ISet<string> Excluded => new HashSet<string>(_damaged.Concat(_doubtful), StringComparer.Ordinal);

    /// <param name="used">Targets that the damaged bytes came from, at least one.</param>
    public void Damaged(IReadOnlyList<string> used)
    {
        if (used.Count == 1)
        {
            _damaged.Add(used[0]);
        }
        else
        {
            _doubtful.Add(used[0]);
        }
    }

    /// <summary>No other target could serve it: those that are only in doubt get another chance, once. False when there are none.</summary>
    public bool TryDoubtful()
    {
        if (_doubtful.Count == 0 || _triedDoubtful)
        {
            return false;
        }

        _triedDoubtful = true;
        _doubtful.Clear();
        return true;
    }
}

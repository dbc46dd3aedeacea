namespace BackupFunctions.Retention;

/// <summary>Decisions so far, those of children before those of their parents.</summary>
internal sealed class DecidedCopies
{
    private readonly HashSet<(string Id, string Target)> _going = [];

    public List<CopyDecision> All { get; } = [];

    public void Add(CopyDecision decision)
    {
        All.Add(decision);
        if (decision.Action == RetentionAction.Delete)
        {
            _going.Add((decision.BackupId, decision.Target));
        }
    }

    /// <summary>Its data goes in this run.</summary>
    public bool Goes(string backupId, string target) => _going.Contains((backupId, target));
}

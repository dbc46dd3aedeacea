namespace BackupFunctions.Retention.Rules;

/// <summary>What the policy of the settings keeps.</summary>
internal sealed class PolicyRule : IKeepRule
{
    public void Apply(PlanContext context, KeptCopies kept)
    {
        foreach (var backup in context.State.Backups)
        {
            foreach (var copy in backup.Copies)
            {
                if (context.Policy.Keeps(backup, copy.Target) is { } verdict)
                {
                    kept.Keep(backup, copy, verdict.Reason);
                }
            }
        }
    }
}

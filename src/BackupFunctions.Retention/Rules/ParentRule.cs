namespace BackupFunctions.Retention.Rules;

/// <summary>A backup that stays keeps what it cannot be restored without, on its own target where that has it.</summary>
internal sealed class ParentRule : IKeepRule
{
    public void Apply(PlanContext context, KeptCopies kept)
    {
        foreach (var child in context.Graph.ChildrenFirst)
        {
            foreach (var copy in child.Copies.Where(copy => kept.Contains(child, copy)))
            {
                foreach (var parent in context.Graph.ParentsOf(child))
                {
                    foreach (var needed in BackupGraph.NeededOf(parent, copy.Target))
                    {
                        kept.Keep(parent, needed, $"needed by {child.Id}");
                    }
                }
            }
        }
    }
}

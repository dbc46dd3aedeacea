namespace BackupFunctions.Retention.Rules;

/// <summary>Names copies that stay. Rules only ever add.</summary>
internal interface IKeepRule
{
    void Apply(PlanContext context, KeptCopies kept);
}

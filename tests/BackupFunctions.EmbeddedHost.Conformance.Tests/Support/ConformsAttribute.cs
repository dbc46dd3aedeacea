namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Support;

/// <summary>The rule that a case shows, and where the rule was read.</summary>
/// <param name="rule">One sentence.</param>
/// <param name="source">One of <see cref="Source"/>.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ConformsAttribute(string rule, string source) : Attribute
{
    public string Rule { get; } = rule;

    public string Source { get; } = source;
}

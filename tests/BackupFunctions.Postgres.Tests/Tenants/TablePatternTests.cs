using BackupFunctions.Postgres.Tenants;

namespace BackupFunctions.Postgres.Tests.Tenants;

public sealed class TablePatternTests
{
    [Theory]
    [InlineData("public.a", "public.a", true)]
    [InlineData("public.a", "public.ab", false)]
    [InlineData("public.a", "public.A", false)]
    [InlineData("ref.*", "ref.", true)]
    [InlineData("ref.*", "ref.countries", true)]
    [InlineData("ref.*", "reference.countries", false)]
    [InlineData("*.log_*", "a.b.log_2020", true)]
    [InlineData("*a*b*", "xaxxbx", true)]
    [InlineData("*a*b", "xaxxbx", false)]
    [InlineData("t?", "t1", true)]
    [InlineData("t?", "t", false)]
    [InlineData("t?*", "t1", true)]
    [InlineData("a*c", "a*c", true)]
    [InlineData("a[b]", "a[b]", true)]
    [InlineData("", "", true)]
    [InlineData("**", "x", true)]
    public void Matches_StarsAndQuestionMarksOnly(string pattern, string name, bool expected) => TablePattern.Matches(pattern, name).ShouldBe(expected);
}

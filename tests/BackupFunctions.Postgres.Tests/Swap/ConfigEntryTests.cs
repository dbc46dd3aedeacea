using BackupFunctions.Postgres.Swap;

namespace BackupFunctions.Postgres.Tests.Swap;

public sealed class ConfigEntryTests
{
    [Theory]
    [InlineData("search_path", "\"$user\", public", "SET \"search_path\" TO '$user', 'public'")]
    [InlineData("search_path", "\"a\"\"b, c\"", "SET \"search_path\" TO 'a\"b, c'")]
    [InlineData("search_path", "", "SET \"search_path\" TO ''")]
    [InlineData("work_mem", "7MB", "SET \"work_mem\" TO '7MB'")]
    [InlineData("app.x", "a'b\\c, d", "SET \"app.x\" TO  E'a''b\\\\c, d'")]
    public void SetClause_OfAStoredValue_StoresItAgain(string name, string value, string expected) =>
        ConfigEntry.SetClause(name, value).ShouldBe(expected);

    [Fact]
    public void Split_AtTheFirstEqualsSign_KeepsTheRest() =>
        ConfigEntry.Split("app.filter=a=b").ShouldBe(("app.filter", "a=b"));
}

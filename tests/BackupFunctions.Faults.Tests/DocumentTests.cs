using System.Reflection;
using System.Text.RegularExpressions;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Faults.Tests;

/// <summary>docs/047-faults.md and this project list the same tests.</summary>
public sealed partial class DocumentTests
{
    [Fact]
    public void Document_NamesEveryTestOfAFaultAndNoOther()
    {
        var tests = typeof(DocumentTests).Assembly.GetTypes().Where(type => type != typeof(DocumentTests))
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance))
            .Where(method => method.GetCustomAttribute<FactAttribute>() is not null)
            .Select(method => $"{method.DeclaringType!.Name}.{method.Name}");
        var named = TestName().Matches(File.ReadAllText(Repository.PathOf("docs/047-faults.md"))).Select(match => match.Groups["name"].Value);

        named.Order(StringComparer.Ordinal).ShouldBe(tests.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"`(?<name>\w+Tests\.\w+)`", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex TestName();
}

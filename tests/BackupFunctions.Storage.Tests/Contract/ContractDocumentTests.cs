using System.Reflection;
using System.Text.RegularExpressions;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Storage.Tests.Contract;

/// <summary>docs/080-storage-contract.md lists the cases that run, and what they run on.</summary>
public sealed partial class ContractDocumentTests
{
    private readonly string _document = File.ReadAllText(Repository.PathOf("docs/080-storage-contract.md"));

    [Fact]
    public void Document_ListsEveryCaseWithItsRows()
    {
        var cases =
            from method in typeof(ResumableTargetContract).GetMethods(BindingFlags.Public | BindingFlags.Instance)
            where method.IsDefined(typeof(FactAttribute))
            select $"{method.Name}: {Math.Max(1, method.GetCustomAttributes<InlineDataAttribute>().Count())}";

        var listed = Case().Matches(_document).Select(row => $"{row.Groups["name"].Value}: {row.Groups["rows"].Value}");

        listed.ShouldBe(cases, ignoreOrder: true);
    }

    [Fact]
    public void Document_ListsEveryTargetThatTheCasesRunOn()
    {
        var targets = typeof(StorageTargetContract).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(StorageTargetContract)) && !type.IsAbstract)
            .ToList();

        targets.ShouldAllBe(type => type.IsSubclassOf(typeof(ResumableTargetContract)));
        TestClass().Matches(_document).Select(row => row.Groups["name"].Value).ShouldBe(targets.Select(type => type.Name), ignoreOrder: true);
    }

    [GeneratedRegex(@"^\| `(?<name>\w+)` \| (?<rows>\d+) \| \S.* \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Case();

    [GeneratedRegex(@"^\| [^|]+ \| [^|]+ \| `(?<name>\w+Tests)` \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex TestClass();
}

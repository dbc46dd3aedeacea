using BackupFunctions.TestSupport;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Support;

public sealed class ConformanceTableTests
{
    [Fact]
    public void Document_ListsTheCasesThatRun()
    {
        var document = File.ReadAllText(Repository.PathOf("docs/095-conformance.md"));

        document.ShouldBe(ConformanceTable.Write());
    }
}

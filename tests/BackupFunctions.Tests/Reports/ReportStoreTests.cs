using BackupFunctions.Contracts.DisasterRecovery;
using BackupFunctions.Reports;

namespace BackupFunctions.Tests.Reports;

public sealed class ReportStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void List_NothingWritten_IsEmpty() => new ReportStore(_folder["reports"]).List().ShouldBeEmpty();

    [Fact]
    public void List_Written_NewestFirstAndWhole()
    {
        var store = new ReportStore(_folder["reports"]);
        foreach (var id in new[] { "20261120-a", "20261122-a", "20261121-a" })
        {
            store.Write(Report(id));
        }

        var reports = store.List();

        reports.Select(report => report.RestoreLogId).ShouldBe(["20261122-a", "20261121-a", "20261120-a"]);
        reports[0].ShouldBeEquivalentTo(Report("20261122-a"));
        File.GetUnixFileMode(Path.Combine(_folder["reports"], "20261122-a.json")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void Write_SameRecoveryAgain_IsOneReport()
    {
        var store = new ReportStore(_folder["reports"]);
        store.Write(Report("20261120-a"));
        store.Write(Report("20261120-a") with { Success = true });

        store.List().ShouldHaveSingleItem().Success.ShouldBeTrue();
    }

    public void Dispose() => _folder.Dispose();

    private static DisasterRecoveryReport Report(string id) => new()
    {
        StartTime = new DateTime(2026, 11, 20, 2, 0, 0, DateTimeKind.Utc),
        Database = "shop",
        Reason = "Übung",
        Steps = [],
        Success = false,
        DurationSeconds = 1.5,
        RestoreLogId = id,
        Warnings = [],
    };
}

using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Tools;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Postgres.Tests.Tools;

public sealed class PgToolsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Find_ForTheServersMajor_TakesItsFolder()
    {
        var tools = await PgTools.FindAsync(15, null, default);

        tools.BinariesFolder.ShouldBe("/usr/lib/postgresql/15/bin");
        tools.Major.ShouldBe(15);
        tools.Versions[PgTools.PgDumpName].ShouldStartWith("15.");
    }

    [Fact]
    public async Task Find_ForAnOlderServer_TakesTheNextNewerOne() =>
        (await PgTools.FindAsync(13, null, default)).Major.ShouldBeGreaterThanOrEqualTo(13);

    [Theory]
    [InlineData(15, "15.20")]
    [InlineData(16, "17.12")]
    [InlineData(17, "17.12")]
    [InlineData(18, "18.7")]
    public async Task Find_InSeveralFolders_TakesTheServersMajorElseTheNextNewer(int server, string version)
    {
        using var newest = new TemporaryFolder();
        using var oldest = new TemporaryFolder();
        var folders = string.Join(':', FakeTools.Create(newest, "18.7"), FakeTools.Create(_folder, "17.12"), FakeTools.Create(oldest, "15.20"));

        (await PgTools.FindAsync(server, folders, default)).Versions[PgTools.PgDumpName].ShouldBe(version);
    }

    [Fact]
    public async Task Find_WithToolsOlderThanTheServer_NamesThePackage()
    {
        var failure = await Should.ThrowAsync<PgdrException>(() => PgTools.FindAsync(18, FakeTools.Create(_folder, "17.12"), default));

        failure.Code.ShouldBe(ErrorCodes.ToolTooOld);
        failure.Message.ShouldContain("postgresql-client-18");
        failure.Message.ShouldContain("17.12");
    }

    [Fact]
    public async Task Find_InAFolderWithoutTools_NamesThePackage()
    {
        var failure = await Should.ThrowAsync<PgdrException>(() => PgTools.FindAsync(15, _folder.Path, default));

        failure.Code.ShouldBe(ErrorCodes.ToolMissing);
        failure.Message.ShouldContain("postgresql-client-15");
    }

    [Theory]
    [InlineData("18.7", 0)]
    [InlineData("18.6", 3)]
    [InlineData("17.12 (Debian 17.12-1)", 0)]
    [InlineData("16.15", 3)]
    [InlineData("15.20", 0)]
    [InlineData("15.18", 3)]
    [InlineData("14.24", 3)]
    [InlineData("13.23", 3)]
    [InlineData("18rc1", 3)]
    [InlineData("19.0", 0)]
    public async Task SecurityWarnings_BelowTheFloor_NameEveryTool(string version, int warnings)
    {
        var tools = await PgTools.FindAsync(13, FakeTools.Create(_folder, version), default);

        tools.SecurityWarnings.Count.ShouldBe(warnings);
    }

    [Fact]
    public void Candidates_OfPath_LeaveOutDebiansWrapper()
    {
        File.CreateSymbolicLink(_folder["pg_dump"], "/usr/share/postgresql-common/pg_wrapper");
        var before = Environment.GetEnvironmentVariable("PATH");
        Environment.SetEnvironmentVariable("PATH", before + ":" + _folder.Path);
        try
        {
            ToolFolders.Candidates(15, null).Contains(_folder.Path, StringComparer.Ordinal).ShouldBeFalse();
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", before);
        }
    }
}

using BackupFunctions.Contracts;
using BackupFunctions.EmbeddedHost.Durable.Histories;
using BackupFunctions.EmbeddedHost.Durable.History;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.TestSupport;

namespace BackupFunctions.EmbeddedHost.Tests.Histories;

public sealed class HistoryFileTests : IDisposable
{
    private static readonly DateTime Time = new(2026, 11, 21, 2, 0, 0, 123, DateTimeKind.Utc);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_AndRead_GivesTheSameHistory()
    {
        var parent = new ParentLink("Parent", "p", "e", 7);
        var written = new StoredHistory(
            "flow", "Flow", "2.0", OrchestrationRuntimeStatus.Running, parent,
            [new OrchestratorStartedEvent(Time), new ExecutionStartedEvent(Time, "Flow", "2.0", "{\"a\":1}", parent), new TimerCreatedEvent(0, Time, Time.AddDays(1))]);

        HistoryFile.Write(_folder["histories"], written);
        var read = HistoryFile.ReadAll(_folder["histories"]).ShouldHaveSingleItem();

        (read with { Events = [] }).ShouldBe(written with { Events = [] });
        read.Events.ShouldBe(written.Events);
    }

    [Fact]
    public void Write_Payloads_AreForTheOwnerOnly()
    {
        var path = HistoryFile.Write(_folder["histories"], Empty("flow"));

        File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(_folder["histories"]).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void Write_IdsThatAreNoFileNames_StayApartInTheFolder()
    {
        string[] ids = ["..", "a:b", "a_b", new string('x', 300), "ä"];

        foreach (var id in ids)
        {
            Path.GetDirectoryName(HistoryFile.Write(_folder["histories"], Empty(id))).ShouldBe(_folder["histories"]);
        }

        HistoryFile.Write(_folder["histories"], Empty("a:b"));
        HistoryFile.ReadAll(_folder["histories"]).Select(history => history.InstanceId).ShouldBe(ids, ignoreOrder: true);
    }

    [Fact]
    public void Write_FolderIsAFile_SaysSo()
    {
        File.WriteAllText(_folder["file"], string.Empty);

        Should.Throw<PgdrException>(() => HistoryFile.Write(_folder["file"], Empty("flow"))).Message.ShouldContain(_folder["file"]);
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("null")]
    [InlineData("""{"InstanceId":"a","Name":"b","Status":"Running","Events":[{"type":"EntityCalled"}]}""")]
    public void ReadAll_UnreadableFile_IsNamed(string content)
    {
        File.WriteAllText(_folder["bad.json"], content);

        Should.Throw<PgdrException>(() => HistoryFile.ReadAll(_folder.Path).ToList()).Message.ShouldContain(_folder["bad.json"]);
    }

    [Fact]
    public void ReadAll_NothingThere_IsNotAllIsWell()
    {
        Should.Throw<PgdrException>(() => HistoryFile.ReadAll(_folder.Path)).Message.ShouldContain("holds no histories");
        Should.Throw<PgdrException>(() => HistoryFile.ReadAll(_folder["absent"])).Message.ShouldContain("cannot be read");
    }

    private static StoredHistory Empty(string id) => new(id, "Flow", null, OrchestrationRuntimeStatus.Pending, null, []);
}

using System.Text.Json;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.JobRunners.Runs;
using BackupFunctions.JobRunners.Tests.Support;

namespace BackupFunctions.JobRunners.Tests.Runs;

public sealed class RunStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RunStore _store;

    public RunStoreTests() => _store = new RunStore(_folder["runs"]);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("20261121T020000123Z-9f3c01ab")]
    [InlineData("dr-shop.fetch_1")]
    [InlineData("A")]
    public void FolderOf_ValidRunId_IsBelowTheRoot(string runId) => _store.FolderOf(runId).ShouldBe(_folder[$"runs/{runId}"]);

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../etc")]
    [InlineData("a/b")]
    [InlineData("/etc")]
    [InlineData(".hidden")]
    [InlineData("-option")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("a\0")]
    [InlineData("ä")]
    public void FolderOf_AnythingElse_IsRefused(string runId) =>
        Should.Throw<PgdrException>(() => _store.FolderOf(runId)).Code.ShouldBe(ErrorCodes.InvalidSettings);

    [Fact]
    public void FolderOf_RunIdLongerThanAFileNameAllows_IsRefused()
    {
        _store.FolderOf(new string('a', 150)).ShouldEndWith("aaa");

        Should.Throw<PgdrException>(() => _store.FolderOf(new string('a', 151)));
    }

    [Fact]
    public void EveryMember_RunIdThatLeavesTheStore_IsRefused()
    {
        Action[] members =
        [
            () => _store.Create(Specs.Create("../x")),
            () => _store.ReadSpec("../x"),
            () => _store.ReadProgress("../x"),
            () => _store.ReadResult("../x"),
            () => _store.WriteResult(Specs.Result("../x")),
            () => _store.RequestCancel("../x"),
            () => _store.IsCancelRequested("../x"),
            () => _store.IsAlive("../x"),
            () => _store.GetStatus("../x"),
            () => _store.LogOf("../x"),
        ];

        foreach (var member in members)
        {
            Should.Throw<PgdrException>(member);
        }
    }

    [Fact]
    public void Create_NewRun_KeepsTheSpecificationInPrivateFiles()
    {
        _store.Create(Specs.Create("run"));

        var spec = _store.ReadSpec("run").ShouldNotBeNull();
        spec.Kind.ShouldBe(JobKinds.FullBackup);
        spec.InstanceId.ShouldBe("instance-1");
        spec.Parameters.Deserialize<FullBackupParameters>(ContractJson.Options).ShouldBe(new FullBackupParameters("shop", "manual"));
        FileModes.Of(_folder["runs"]).ShouldBe(FileModes.OwnerFolder);
        FileModes.Of(_folder["runs/run"]).ShouldBe(FileModes.OwnerFolder);
        FileModes.Of(_folder["runs/run/spec.json"]).ShouldBe(FileModes.OwnerFile);
    }

    [Fact]
    public void Create_AgainWithOtherParameters_KeepsTheFirst()
    {
        _store.Create(Specs.Create("run", database: "first"));

        _store.Create(Specs.Create("run", database: "second"));

        _store.ReadSpec("run")!.Parameters["database"]!.GetValue<string>().ShouldBe("first");
    }

    [Fact]
    public void Read_NothingThere_IsNull()
    {
        _store.ReadSpec("run").ShouldBeNull();
        _store.Create(Specs.Create("run"));
        _store.ReadProgress("run").ShouldBeNull();
        _store.ReadResult("run").ShouldBeNull();
    }

    [Fact]
    public void Read_DamagedFile_NamesItInsteadOfCallingItAbsent()
    {
        _store.Create(Specs.Create("run"));
        File.WriteAllText(_folder["runs/run/result.json"], "{\"run_id\": ");

        var failure = Should.Throw<PgdrException>(() => _store.GetStatus("run"));

        failure.Code.ShouldBe(ErrorCodes.ObjectDamaged);
        failure.Message.ShouldContain("result.json");
    }

    [Fact]
    public void RequestCancel_KnownRun_IsSeen()
    {
        _store.Create(Specs.Create("run"));
        _store.IsCancelRequested("run").ShouldBeFalse();

        _store.RequestCancel("run");

        _store.IsCancelRequested("run").ShouldBeTrue();
    }

    [Fact]
    public void RequestCancel_UnknownRun_CreatesNothing()
    {
        _store.RequestCancel("run");

        Directory.Exists(_folder["runs"]).ShouldBeFalse();
        _store.IsCancelRequested("run").ShouldBeFalse();
    }
}

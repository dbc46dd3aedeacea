using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Files;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Postgres.Tests.Files;

public sealed class PrivateFolderTests : IDisposable
{
    private readonly TemporaryFolder _parent = new();

    public void Dispose() => _parent.Dispose();

    [Fact]
    public void Create_MakesAFolderForThisAccountAlone()
    {
        using var folder = PrivateFolder.Create(_parent.Path, "x-");

        File.GetUnixFileMode(folder.Path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void Create_WhereNoFolderCanBe_SaysSo()
    {
        File.WriteAllText(_parent["file"], "");

        Should.Throw<PgdrException>(() => PrivateFolder.Create(_parent["file"], "x-")).Code.ShouldBe(ErrorCodes.InvalidSettings);
    }

    [Fact]
    public void Dispose_LeavesNothing()
    {
        using (var folder = PrivateFolder.Create(_parent.Path, "x-"))
        {
            File.WriteAllText(Path.Combine(folder.Path, "a"), "b");
        }

        Directory.EnumerateFileSystemEntries(_parent.Path).ShouldBeEmpty();
    }

    [Fact]
    public void Sweep_RemovesWhatADeadProcessLeft_AndNothingElse()
    {
        using var living = PrivateFolder.Create(_parent.Path, "x-");
        Directory.CreateDirectory(_parent["x-dead"]);
        File.WriteAllText(_parent["x-dead.lock"], "");
        Directory.CreateDirectory(_parent["other"]);
        var removed = new List<string>();

        PrivateFolder.SweepStale(_parent.Path, "x-", removed.Add);

        removed.ShouldBe([_parent["x-dead"]]);
        Directory.Exists(_parent["x-dead"]).ShouldBeFalse();
        File.Exists(_parent["x-dead.lock"]).ShouldBeFalse();
        Directory.Exists(living.Path).ShouldBeTrue();
        Directory.Exists(_parent["other"]).ShouldBeTrue();
    }

    [Fact]
    public async Task Create_WhileOthersSweep_IsNeverTakenForDead()
    {
        using var done = new CancellationTokenSource();
        var sweeping = Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                PrivateFolder.SweepStale(_parent.Path, "x-");
            }
        })));

        for (var made = 0; made < 500; made++)
        {
            using var folder = PrivateFolder.Create(_parent.Path, "x-");
            Directory.Exists(folder.Path).ShouldBeTrue();
        }

        await done.CancelAsync();
        await sweeping;
    }
}

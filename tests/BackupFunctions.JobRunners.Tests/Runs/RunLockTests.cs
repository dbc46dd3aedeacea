using BackupFunctions.JobRunners.Runs;
using BackupFunctions.JobRunners.Tests.Support;

namespace BackupFunctions.JobRunners.Tests.Runs;

public sealed class RunLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void IsHeld_NeverTaken_IsFalseAndCreatesNothing()
    {
        RunLock.IsHeld(_folder.Path).ShouldBeFalse();

        Directory.EnumerateFileSystemEntries(_folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public void TryAcquire_Free_IsHeldUntilDisposed()
    {
        using (RunLock.TryAcquire(_folder.Path).ShouldNotBeNull())
        {
            RunLock.IsHeld(_folder.Path).ShouldBeTrue();
            RunLock.TryAcquire(_folder.Path).ShouldBeNull();
        }

        RunLock.IsHeld(_folder.Path).ShouldBeFalse();
    }

    [Fact]
    public void TryAcquire_NewFile_IsPrivate()
    {
        using var held = RunLock.TryAcquire(_folder.Path);

        FileModes.Of(_folder["lock"]).ShouldBe(FileModes.OwnerFile);
    }

    [Fact]
    public async Task TryAcquire_HolderKilled_IsFree()
    {
        using var holder = new HelperProcess("exec 9<>\"$1\"; flock -n 9; echo held; exec sleep 1000", _folder["lock"]);
        (await holder.Output.ReadLineAsync()).ShouldBe("held");
        RunLock.TryAcquire(_folder.Path).ShouldBeNull();
        RunLock.IsHeld(_folder.Path).ShouldBeTrue();

        await holder.KillAsync();

        using var mine = RunLock.TryAcquire(_folder.Path).ShouldNotBeNull();
    }

    [Fact]
    public void IsHeld_AskedByManyAtOnce_QuestionsAreNotTakenForHolders()
    {
        RunLock.TryAcquire(_folder.Path)!.Dispose();
        var held = 0;

        Parallel.For(0, 2000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            if (RunLock.IsHeld(_folder.Path))
            {
                Interlocked.Increment(ref held);
            }
        });

        held.ShouldBe(0);
    }

    [Fact]
    public void TryAcquire_LockFileCannotBeOpened_ThrowsInsteadOfSayingHeld()
    {
        File.CreateSymbolicLink(_folder["lock"], _folder["lock"]);

        Should.Throw<IOException>(() => RunLock.TryAcquire(_folder.Path));
    }

    [Fact]
    public void TryAcquire_NoFolder_Throws() => Should.Throw<DirectoryNotFoundException>(() => RunLock.TryAcquire(_folder["none"]));
}

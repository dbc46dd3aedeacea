using System.Runtime.Versioning;
using BackupFunctions.Contracts;
using BackupFunctions.Storage.Local;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Storage.Tests.Local;

[UnsupportedOSPlatform("windows")]
public sealed class LocalTargetTests : IDisposable
{
    private const UnixFileMode OwnerReadsAndWrites = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Reads => ["open", "find", "list", "folders", "delete"];

    private string Root => _folder["root"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task FilesAndFolders_AreTheOwnersOnly()
    {
        await new LocalTarget("local", Root).PutAsync("a/b/c", [1]);

        File.GetUnixFileMode(Path.Combine(Root, "a/b/c")).ShouldBe(OwnerReadsAndWrites);
        foreach (var folder in new[] { "", "a", "a/b", ".uploading" })
        {
            File.GetUnixFileMode(Path.Combine(Root, folder)).ShouldBe(OwnerReadsAndWrites | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public async Task Write_WhenTheFolderAboveTheRootIsMissing_IsUnreachableAndCreatesNothing()
    {
        var target = new LocalTarget("local", _folder["mount/backups"]);

        (await CodeAsync(() => target.PutAsync("key", [1]))).ShouldBe(ErrorCodes.TargetUnreachable);

        Directory.Exists(_folder["mount"]).ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Reads))]
    public async Task Read_WhenTheRootIsMissing_IsUnreachableAndDoesNotCreateIt(string read)
    {
        (await CodeAsync(() => ReadAsync(read))).ShouldBe(ErrorCodes.TargetUnreachable);

        Directory.Exists(Root).ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Reads))]
    public async Task Read_WhenTheRootIsEmptyLikeAMountPointWithoutItsDisk_IsUnreachable(string read)
    {
        Directory.CreateDirectory(Root);

        (await CodeAsync(() => ReadAsync(read))).ShouldBe(ErrorCodes.TargetUnreachable);
    }

    [Fact]
    public async Task Read_OfCopiedFolderWithoutTheReservedOne_Works()
    {
        var target = new LocalTarget("local", Root);
        await target.PutAsync("a/b", [1, 2]);
        Directory.Delete(Path.Combine(Root, ".uploading"));

        (await target.GetAsync("a/b")).ShouldBe([1, 2]);
        (await target.FindAsync("a/c", CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Leftovers_OlderThanADay_AreSweptAndYoungerOnesKept()
    {
        var target = new LocalTarget("local", Root);
        target.Prepare();
        var (old, young) = (Path.Combine(Root, ".uploading", "old"), Path.Combine(Root, ".uploading", "young"));
        await File.WriteAllTextAsync(old, "x");
        await File.WriteAllTextAsync(young, "x");
        File.SetLastWriteTimeUtc(old, TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-25));
        File.SetLastWriteTimeUtc(young, TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-23));

        await target.PutAsync("key", [1]);

        File.Exists(old).ShouldBeFalse();
        File.Exists(young).ShouldBeTrue();
    }

    [Fact]
    public async Task List_ShowsNeitherUploadsNorForeignNamesNorLinkedFolders()
    {
        var target = new LocalTarget("local", Root);
        await target.PutAsync("a/b", [1]);
        await File.WriteAllTextAsync(Path.Combine(Root, ".uploading", "unfinished"), "x");
        await File.WriteAllTextAsync(Path.Combine(Root, "a", "fremd ü"), "x");
        Directory.CreateSymbolicLink(Path.Combine(Root, "a", "loop"), Root);
        Directory.CreateDirectory(Path.Combine(Root, "lost+found"));

        (await target.ListAsync("", CancellationToken.None).AllAsync()).Select(found => found.Key).ShouldBe(["a/b"]);
        (await target.ListFoldersAsync("", CancellationToken.None).AllAsync()).ShouldBe(["a"]);
    }

    [Fact]
    public async Task Delete_OfTheLastObject_RemovesItsFoldersAndKeepsTheRoot()
    {
        var target = new LocalTarget("local", Root);
        await target.PutAsync("a/b/c", [1]);

        await target.DeleteAsync("a/b/c", CancellationToken.None);

        Directory.Exists(Path.Combine(Root, "a")).ShouldBeFalse();
        Directory.Exists(Path.Combine(Root, ".uploading")).ShouldBeTrue();
    }

    [Fact]
    public async Task Write_BelowAnObject_IsRefused()
    {
        var target = new LocalTarget("local", Root);
        await target.PutAsync("a", [1]);

        (await CodeAsync(() => target.PutAsync("a/b", [1]))).ShouldBe(ErrorCodes.TargetRefused);
    }

    [Fact]
    public async Task Write_ToAFullDisk_SaysFullAndLeavesNothing()
    {
        await using var disk = await SmallDisk.MountAsync(1024 * 1024);
        var target = new LocalTarget("local", Path.Combine(disk.Path, "root"));
        await target.PutAsync("fits", Bytes.Random(100_000));

        (await CodeAsync(() => target.PutAsync("too-large", Bytes.Random(2_000_000)))).ShouldBe(ErrorCodes.TargetFull);

        (await target.FindAsync("too-large", CancellationToken.None)).ShouldBeNull();
        Directory.EnumerateFiles(Path.Combine(disk.Path, "root/.uploading")).ShouldBeEmpty();
        target.FreeSpace!.Value.ShouldBeInRange(800_000, 1_000_000);
    }

    [Fact]
    public async Task Write_ToAReadOnlyDisk_IsRefusedAndReadsGoOn()
    {
        await using var disk = await SmallDisk.MountAsync(1024 * 1024);
        var target = new LocalTarget("local", disk.Path);
        await target.PutAsync("before", [1]);
        await disk.MakeReadOnlyAsync();

        (await CodeAsync(() => target.PutAsync("after", [1]))).ShouldBe(ErrorCodes.TargetRefused);
        (await CodeAsync(() => target.DeleteAsync("before", CancellationToken.None))).ShouldBe(ErrorCodes.TargetRefused);

        (await target.GetAsync("before")).ShouldBe([1]);
    }

    [Fact]
    public async Task Disk_UnmountedUnderneath_IsUnreachable()
    {
        var disk = await SmallDisk.MountAsync(1024 * 1024);
        var target = new LocalTarget("local", disk.Path);
        await target.PutAsync("key", [1]);
        await CommandLine.RunAsync("umount", disk.Path);

        (await CodeAsync(() => target.FindAsync("key", CancellationToken.None))).ShouldBe(ErrorCodes.TargetUnreachable);

        Directory.Delete(disk.Path);
    }

    [Fact]
    public void Error_OfPermissions_NamesTheFolderAndTheAccount()
    {
        var error = LocalErrors.Translate("local", "/srv/backups", "writing x", new UnauthorizedAccessException("denied"));

        error.Code.ShouldBe(ErrorCodes.TargetRefused);
        error.Message.ShouldContain($"/srv/backups: give the account {Environment.UserName}");
    }

    [Fact]
    public void Error_OfTheDisk_IsUnreachable() =>
        LocalErrors.Translate("local", "/srv/backups", "reading x", new IOException("Input/output error")).Code.ShouldBe(ErrorCodes.TargetUnreachable);

    private static async Task<string> CodeAsync(Func<Task> action) => (await Should.ThrowAsync<StorageException>(action)).Code;

    private Task ReadAsync(string read)
    {
        var target = new LocalTarget("local", Root);
        return read switch
        {
            "open" => target.OpenReadAsync("a/b", 0, CancellationToken.None),
            "find" => target.FindAsync("a/b", CancellationToken.None),
            "list" => target.ListAsync("", CancellationToken.None).AllAsync(),
            "folders" => target.ListFoldersAsync("", CancellationToken.None).AllAsync(),
            _ => target.DeleteAsync("a/b", CancellationToken.None),
        };
    }
}

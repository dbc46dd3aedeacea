using System.Text;
using BackupFunctions.JobRunners.Runs;
using BackupFunctions.JobRunners.Tests.Support;

namespace BackupFunctions.JobRunners.Tests.Runs;

public sealed class PrivateFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_NewFile_HasModeOfOwnerOnly()
    {
        PrivateFiles.Write(_folder["a"], "text"u8);

        File.ReadAllText(_folder["a"]).ShouldBe("text");
        FileModes.Of(_folder["a"]).ShouldBe(FileModes.OwnerFile);
    }

    [Fact]
    public void Write_ExistingFile_IsReplacedAndPrivate()
    {
        File.WriteAllText(_folder["a"], "older and longer");

        PrivateFiles.Write(_folder["a"], "new"u8);

        File.ReadAllText(_folder["a"]).ShouldBe("new");
        FileModes.Of(_folder["a"]).ShouldBe(FileModes.OwnerFile);
    }

    [Fact]
    public void Write_Fails_LeavesNothingBehind()
    {
        Directory.CreateDirectory(_folder["a"]);

        Should.Throw<Exception>(() => PrivateFiles.Write(_folder["a"], "text"u8));

        Directory.EnumerateFileSystemEntries(_folder.Path).ShouldBe([_folder["a"]]);
    }

    [Fact]
    public async Task Write_WhileOthersRead_ReadersSeeAWholeFile()
    {
        byte[][] contents = [Encoding.ASCII.GetBytes(new string('a', 100_000)), Encoding.ASCII.GetBytes(new string('b', 200_000))];
        PrivateFiles.Write(_folder["a"], contents[0]);
        var writing = Task.Run(() =>
        {
            for (var turn = 0; turn < 50; turn++)
            {
                PrivateFiles.Write(_folder["a"], contents[turn % 2]);
            }
        });

        do
        {
            var read = await File.ReadAllBytesAsync(_folder["a"]);
            contents.Any(content => content.AsSpan().SequenceEqual(read)).ShouldBeTrue();
        }
        while (!writing.IsCompleted);
        await writing;
    }

    [Fact]
    public void CreateFolder_ParentsMissingToo_IsForTheOwnerOnly()
    {
        PrivateFiles.CreateFolder(_folder["a/b"]);

        FileModes.Of(_folder["a/b"]).ShouldBe(FileModes.OwnerFolder);
    }
}

using BackupFunctions.Cli.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Cli.Tests;

public sealed class KeysCommandTests
{
    [Fact]
    public async Task New_MakesSevenFilesAndNeverReplacesThem()
    {
        using var folder = new TemporaryFolder();

        var made = (await Pgdr.RunAsync(site: null, "keys", "new", folder["keys"])).ShouldSucceed();

        var files = made.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        files.Length.ShouldBe(7);
        files.ShouldAllBe(file => File.Exists(file));
        made.Error.ShouldContain("recovery.json");
        var before = files.Select(File.ReadAllText).ToList();

        (await Pgdr.RunAsync(site: null, "keys", "new", folder["keys"])).ShouldFail(2).ShouldContain("never overwritten");

        files.Select(File.ReadAllText).ShouldBe(before);
    }
}

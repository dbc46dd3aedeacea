using BackupFunctions.Jobs.Configuration;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Configuration;

public sealed class FileGlobTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FileGlobTests()
    {
        foreach (var path in new[] { "a.ini", "b.conf", "one/a.ini", "one/two/a.ini", "one/two/c d.ini", "three/.hidden" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[path])!);
            File.WriteAllText(_folder[path], path);
        }

        Directory.CreateSymbolicLink(_folder["one/loop"], _folder.Path);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a.ini", "a.ini")]
    [InlineData("*.ini", "a.ini")]
    [InlineData("?.conf", "b.conf")]
    [InlineData("*/a.ini", "one/a.ini")]
    [InlineData("**/*.ini", "a.ini,one/a.ini,one/two/a.ini,one/two/c d.ini")]
    [InlineData("one/**", "one/a.ini,one/two/a.ini,one/two/c d.ini")]
    [InlineData("**/two/*", "one/two/a.ini,one/two/c d.ini")]
    [InlineData("three/*", "three/.hidden")]
    [InlineData("absent/*", "")]
    [InlineData("A.ini", "")]
    [InlineData("one", "")]
    public void Find_OfAPattern_NamesFilesOnceAndFollowsNoLinks(string pattern, string expected) =>
        FileGlob.Find(_folder[pattern]).Order(StringComparer.Ordinal).ShouldBe(expected.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(name => _folder[name]));

    [Theory]
    [InlineData("/etc/app/*.ini", "/etc/app")]
    [InlineData("/etc/app/**/x.ini", "/etc/app")]
    [InlineData("/etc/a*/x.ini", "/etc")]
    [InlineData("/etc/app/x.ini", "/etc/app")]
    [InlineData("/*", "/")]
    public void Root_OfAPattern_IsWhatComesBeforeWildcards(string pattern, string root) => FileGlob.Root(pattern).ShouldBe(root);
}

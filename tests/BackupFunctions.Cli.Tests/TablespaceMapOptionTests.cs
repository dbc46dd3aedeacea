using BackupFunctions.Cli.Recovery;
using BackupFunctions.Contracts;

namespace BackupFunctions.Cli.Tests;

public sealed class TablespaceMapOptionTests
{
    [Fact]
    public void Parse_SeveralPairs_AreTakenAsTheyAre() =>
        TablespaceMapOption.Parse(["/disk one/a=/new/a", "/b\\=c=/new\\b"]).ShouldBe(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["/disk one/a"] = "/new/a", ["/b=c"] = "/new\\b" });

    [Theory]
    [InlineData("/a")]
    [InlineData("/a=b")]
    [InlineData("a=/b")]
    [InlineData("/a=")]
    [InlineData("/a=/b=/c")]
    public void Parse_WhatIsNoPairOfAbsolutePaths_IsRefused(string value) =>
        Should.Throw<PgdrException>(() => TablespaceMapOption.Parse([value])).Message.ShouldContain("OLD=NEW");

    [Fact]
    public void Parse_OneTwice_IsRefused() => Should.Throw<PgdrException>(() => TablespaceMapOption.Parse(["/a=/b", "/a=/c"])).Message.ShouldContain("twice");
}

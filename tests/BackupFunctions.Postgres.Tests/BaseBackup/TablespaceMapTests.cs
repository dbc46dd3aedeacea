using System.Text;
using BackupFunctions.Contracts;
using BackupFunctions.Postgres.BaseBackup;

namespace BackupFunctions.Postgres.Tests.BaseBackup;

public sealed class TablespaceMapTests
{
    [Fact]
    public void Parse_WhatFormatWrote_IsTheSame()
    {
        var locations = new Dictionary<long, string> { [16384] = "/disk one/fast", [16390] = "/odd\\na\nme\r" };

        var text = TablespaceMap.Format(locations);

        text.ShouldBe("16384 /disk one/fast\n16390 /odd\\\\na\\\nme\\\r\n");
        TablespaceMap.Parse(Encoding.UTF8.GetBytes(text)).ShouldBe(locations);
    }

    [Theory]
    [InlineData("16384\n")]
    [InlineData("0 /x\n")]
    [InlineData("../x /x\n")]
    [InlineData("16384 /x\n16384 /y\n")]
    [InlineData("16384 /cut")]
    public void Parse_WhatNoServerWrites_IsRefused(string text) =>
        Should.Throw<PgdrException>(() => TablespaceMap.Parse(Encoding.UTF8.GetBytes(text))).Code.ShouldBe(ErrorCodes.FormatUnknown);
}

using BackupFunctions.Archive.Wal;

namespace BackupFunctions.Archive.Tests.Wal;

public sealed class LsnTests
{
    [Theory]
    [InlineData("0/16B3748", 0x16B3748UL)]
    [InlineData("1/0", 1UL << 32)]
    [InlineData("FFFFFFFF/FFFFFFFF", ulong.MaxValue)]
    public void Parse_AsPostgresPrints_IsThePositionAndBack(string text, ulong expected)
    {
        Lsn.Parse(text).ShouldBe(expected);
        Lsn.Format(expected).ShouldBe(text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("/1")]
    [InlineData("0/")]
    [InlineData("0/123456789")]
    [InlineData("G/0")]
    [InlineData("-1/0")]
    [InlineData(null)]
    public void TryParse_AnythingElse_IsFalse(string? text) => Lsn.TryParse(text, out _).ShouldBeFalse();
}

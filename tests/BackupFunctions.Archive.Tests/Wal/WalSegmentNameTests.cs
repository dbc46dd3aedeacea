using BackupFunctions.Archive.Wal;

namespace BackupFunctions.Archive.Tests.Wal;

public sealed class WalSegmentNameTests
{
    private const int MiB = 1 << 20;

    /// <summary>The first column is what pg_walfile_name gives on a server (timeline 1, 16 MiB).</summary>
    [Theory]
    [InlineData("000000010000000000000001", 0x16B3748UL, 16)]
    [InlineData("0000000100000000000000FF", 0xFF000000UL, 16)]
    [InlineData("000000010000000100000000", 0x100000000UL, 16)]
    [InlineData("000000010000000000000003", 0xFFFFFFFFUL, 1024)]
    [InlineData("000000010000000000000FFF", 0xFFFFFFFFUL, 1)]
    public void Of_APosition_IsPostgresName(string expected, ulong lsn, int mebibytes) =>
        WalSegmentName.Of(1, lsn, mebibytes * MiB).ShouldBe(expected);

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(1024)]
    public void StartOf_EverySegmentAroundTheEndOfALogFile_IsWhereItsNameCameFrom(int mebibytes)
    {
        var size = (ulong)mebibytes * MiB;
        for (var start = (1UL << 33) - (4 * size); start < (1UL << 33) + (4 * size); start += size)
        {
            WalSegmentName.StartOf(WalSegmentName.Of(7, start + size - 1, (int)size), (int)size).ShouldBe(start);
        }
    }

    [Theory]
    [InlineData("000000010000000000000100")]
    [InlineData("00000001000000000000000")]
    [InlineData("00000002.history")]
    public void StartOf_NoSegmentOfThisSize_Throws(string name) =>
        Should.Throw<ArgumentException>(() => WalSegmentName.StartOf(name, 16 * MiB));

    [Theory]
    [InlineData(0)]
    [InlineData(3 * MiB)]
    [InlineData(1 << 19)]
    public void Of_ASizeThatNoServerHas_Throws(int size) =>
        Should.Throw<ArgumentOutOfRangeException>(() => WalSegmentName.Of(1, 0, size));

    [Theory]
    [InlineData("000000000000000000000001")]
    [InlineData("0000000100000000000000a1")]
    [InlineData("../000000010000000000001")]
    [InlineData(null)]
    public void IsValid_WhatPostgresNeverWrites_IsFalse(string? name) => WalSegmentName.IsValid(name).ShouldBeFalse();

    [Fact]
    public void HistoryOf_ATimeline_IsPostgresName()
    {
        WalSegmentName.HistoryOf(0x1B).ShouldBe("0000001B.history");
        WalSegmentName.IsHistory("0000001B.history").ShouldBeTrue();
        WalSegmentName.TimelineOf("0000001B.history").ShouldBe(0x1B);
        WalSegmentName.IsHistory("00000000.history").ShouldBeFalse();
    }
}

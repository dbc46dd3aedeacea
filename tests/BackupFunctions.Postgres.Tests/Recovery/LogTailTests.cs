using System.Buffers.Binary;
using BackupFunctions.Postgres.Recovery;

namespace BackupFunctions.Postgres.Tests.Recovery;

public sealed class LogTailTests
{
    private const int Replayed = 16000;

    private readonly byte[] _segment = new byte[1 << 20];

    [Fact]
    public void MayEndAt_OnlyZerosFollow_IsTrue() => LogTail.MayEndAt(_segment, Replayed, 60000).ShouldBeTrue();

    [Fact]
    public void MayEndAt_ZerosAndThenSomething_IsFalse()
    {
        _segment[50000] = 1;

        LogTail.MayEndAt(_segment, Replayed, 60000).ShouldBeFalse();
    }

    [Theory]
    [InlineData(100, Replayed + 99, true)]
    [InlineData(100, Replayed + 100, false)]
    [InlineData(1000, Replayed + 1000, true)]
    [InlineData(1000, Replayed + 1023, true)]
    [InlineData(1000, Replayed + 1024, false)]
    public void MayEndAt_ARecord_IsTrueUnlessItIsWhole(uint length, int end, bool expected)
    {
        // 16384 is the next page: its header of 24 bytes lies within the longer record.
        BinaryPrimitives.WriteUInt32LittleEndian(_segment.AsSpan(Replayed), length);

        LogTail.MayEndAt(_segment, Replayed, end).ShouldBe(expected);
    }

    [Theory]
    [InlineData(0, 40)]
    [InlineData(8192, 8192 + 24)]
    [InlineData(16001, 16008)]
    public void MayEndAt_TheNextRecord_BeginsBehindAPagesHeaderAndAligned(int replayed, int record)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_segment.AsSpan(record), 50);

        LogTail.MayEndAt(_segment, replayed, record + 50).ShouldBeFalse();
        LogTail.MayEndAt(_segment, replayed, record + 49).ShouldBeTrue();
    }
}

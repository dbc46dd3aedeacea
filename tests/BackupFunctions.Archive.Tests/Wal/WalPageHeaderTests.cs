using System.Buffers.Binary;
using BackupFunctions.Archive.Wal;

namespace BackupFunctions.Archive.Tests.Wal;

public sealed class WalPageHeaderTests
{
    private const string System = "7301234567890123456";
    private const ulong Start = 0x6000000;
    private const int Size = 16 << 20;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void FindProblem_OwnSegment_IsNull(bool bigEndian) =>
        WalPageHeader.FindProblem(Header(bigEndian, Start, ulong.Parse(System)), System, Start, Size).ShouldBeNull();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void FindProblem_AnotherServersSegment_NamesThatServer(bool bigEndian) =>
        WalPageHeader.FindProblem(Header(bigEndian, Start, 42), System, Start, Size).ShouldBe("the log of another server (42)");

    [Fact]
    public void FindProblem_AnotherPlacesSegment_NamesThePlace() =>
        WalPageHeader.FindProblem(Header(bigEndian: false, Start + Size, ulong.Parse(System)), System, Start, Size).ShouldBe("the log from 0/7000000 on");

    [Fact]
    public void FindProblem_Zeros_SaysSo() => WalPageHeader.FindProblem(new byte[WalPageHeader.Size], System, Start, Size).ShouldBe("zeros in place of log");

    [Fact]
    public void FindProblem_Noise_SaysSo()
    {
        var noise = new byte[WalPageHeader.Size];
        Array.Fill(noise, (byte)0x5A);

        WalPageHeader.FindProblem(noise, System, Start, Size).ShouldBe("something that is no log");
    }

    /// <summary>As XLogLongPageHeaderData lies in memory: magic, info, timeline, address, rest, padding, system, segment and block size.</summary>
    private static byte[] Header(bool bigEndian, ulong address, ulong system)
    {
        var header = new byte[WalPageHeader.Size];
        if (bigEndian)
        {
            BinaryPrimitives.WriteUInt64BigEndian(header.AsSpan(8), address);
            BinaryPrimitives.WriteUInt64BigEndian(header.AsSpan(24), system);
            BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(32), Size);
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(8), address);
            BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(24), system);
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(32), Size);
        }

        return header;
    }
}

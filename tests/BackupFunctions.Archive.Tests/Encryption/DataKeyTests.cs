using BackupFunctions.Archive.Encryption;

namespace BackupFunctions.Archive.Tests.Encryption;

public class DataKeyTests
{
    [Fact]
    public void Create_Twice_GivesDifferentKeys()
    {
        using var first = DataKey.Create();
        using var second = DataKey.Create();

        first.Bytes.ToArray().ShouldNotBe(second.Bytes.ToArray());
        first.Bytes.Length.ShouldBe(32);
    }

    [Fact]
    public void FromBytes_OriginalClearedAfterwards_KeepsItsCopy()
    {
        var bytes = Enumerable.Range(1, 32).Select(value => (byte)value).ToArray();
        using var key = DataKey.FromBytes(bytes);
        bytes.AsSpan().Clear();

        key.Bytes[31].ShouldBe((byte)32);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void FromBytes_WrongLength_Refuses(int length) =>
        Should.Throw<ArgumentException>(() => DataKey.FromBytes(new byte[length]));

    [Fact]
    public void Dispose_ClearsTheBytes_AndRefusesUse()
    {
        var key = DataKey.FromBytes(Enumerable.Repeat((byte)7, 32).ToArray());
        var bytes = key.Bytes;
        key.Dispose();

        bytes.IndexOfAnyExcept((byte)0).ShouldBe(-1);
        Should.Throw<ObjectDisposedException>(() => key.Bytes.Length);
    }
}

using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;

namespace BackupFunctions.Archive.Tests.Wal;

public sealed class WalObjectNameTests
{
    private const string Epoch = "20261121T020000123Z-9f3c01ab";
    private const string Segment = "0000000200000000000000A1";

    private static readonly string Hash = new('c', 64);

    public static TheoryData<WalObjectName, string> Names => new()
    {
        { WalObjectName.Segment(Segment, Epoch, Hash), $"{Segment}-{Epoch}-{Hash[..32]}" },
        { WalObjectName.Partial(Segment, 0xA1000100, Epoch, Hash), $"{Segment}.partial-00000000A1000100-{Epoch}-{Hash[..32]}" },
        { WalObjectName.History(2, Epoch, Hash), $"00000002.history-{Epoch}-{Hash[..32]}" },
        { WalObjectName.BackupHistory(Segment + ".00000028.backup", Epoch, Hash), $"{Segment}.00000028.backup-{Epoch}-{Hash[..32]}" },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void TryParse_WhatToStringGave_IsTheSame(WalObjectName name, string text)
    {
        name.ToString().ShouldBe(text);
        WalObjectName.TryParse(text, out var parsed).ShouldBeTrue();
        parsed.ShouldBe(name);
        parsed.Timeline.ShouldBe(2);
    }

    [Theory]
    [InlineData("inventory-20261121T020000123Z-9f3c01ab.json")]
    [InlineData(Segment)]
    [InlineData("000000000000000000000001-20261121T020000123Z-9f3c01ab-cccccccccccccccccccccccccccccccc")]
    [InlineData("00000000.history-20261121T020000123Z-9f3c01ab-cccccccccccccccccccccccccccccccc")]
    [InlineData("00000002.history.partial-0000000000000001-20261121T020000123Z-9f3c01ab-cccccccccccccccccccccccccccccccc")]
    [InlineData(Segment + ".0000002.xbackup-20261121T020000123Z-9f3c01ab-cccccccccccccccccccccccccccccccc")]
    [InlineData(Segment + "-20261321T020000123Z-9f3c01ab-cccccccccccccccccccccccccccccccc")]
    [InlineData(Segment + "-20261121T020000123Z-9f3c01ab-ccc")]
    [InlineData(Segment + "-20261121T020000123Z-9f3c01ab-cccccccccccccccccccccccccccccccc\n")]
    public void TryParse_AnythingElse_IsFalse(string text) => WalObjectName.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void Names_InOrdinalOrder_AreInOrderOfPositions()
    {
        string[] names =
        [
            WalObjectName.Segment("0000000200000000000000A0", Epoch, Hash).ToString(),
            WalObjectName.Segment(Segment, Epoch, Hash).ToString(),
            WalObjectName.Partial(Segment, 0xA1000100, Epoch, Hash).ToString(),
            WalObjectName.Partial(Segment, 0xA1200000, Epoch, Hash).ToString(),
            WalObjectName.Segment("0000000200000000000000A2", Epoch, Hash).ToString(),
        ];

        names.Order(StringComparer.Ordinal).ShouldBe(names);
    }

    [Fact]
    public void Keys_OfAServer_LieBelowItsSystemIdentifier()
    {
        var name = WalObjectName.Segment(Segment, Epoch, Hash);

        StorageKeys.WalObject("main", "7301234567890123456", name).ShouldBe($"main/wal/7301234567890123456/00000002/{name}");
        StorageKeys.WalEpoch("main", "7301234567890123456", Epoch).ShouldBe($"main/wal/7301234567890123456/epochs/{Epoch}.json");
        Should.Throw<ArgumentException>(() => StorageKeys.WalOf("main", "../x"));
        Should.Throw<ArgumentException>(() => StorageKeys.WalEpoch("main", "7", "../x"));
    }

    [Theory]
    [InlineData("x", Epoch)]
    [InlineData(Segment, "x")]
    public void Segment_OfSomethingElse_Throws(string segment, string epoch) =>
        Should.Throw<ArgumentException>(() => WalObjectName.Segment(segment, epoch, Hash));
}

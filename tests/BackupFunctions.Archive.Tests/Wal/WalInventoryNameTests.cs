using BackupFunctions.Archive.Wal;

namespace BackupFunctions.Archive.Tests.Wal;

public sealed class WalInventoryNameTests
{
    private const string Epoch = "20261121T020000123Z-9f3c01ab";

    [Fact]
    public void TryParse_WhatToStringGave_IsTheSame()
    {
        var name = new WalInventoryName(Epoch, 17, 0x1_A1000100);

        name.ToString().ShouldBe($"inventory-{Epoch}-00000017-00000001A1000100");
        name.ToString().ShouldStartWith(WalInventoryName.PrefixOf(Epoch));
        WalInventoryName.TryParse($"{name}.json", out var parsed).ShouldBeTrue();
        parsed.ShouldBe(name);
    }

    [Theory]
    [InlineData("inventory-20261121T020000123Z-9f3c01ab-00000017-00000001A1000100.sig")]
    [InlineData("inventory-20261121T020000123Z-9f3c01ab-00000017-00000001A1000100")]
    [InlineData("inventory-20261121T020000123Z-9f3c01ab-00000000-00000001A1000100.json")]
    [InlineData("inventory-20261121T020000123Z-9f3c01ab-0000001x-00000001A1000100.json")]
    [InlineData("inventory-20261121T020000123Z-9f3c01ab-00000017-00000001a1000100.json")]
    [InlineData("inventory-20261121T020000123Z-9f3c01ab-00000017x00000001A1000100.json")]
    [InlineData("inventory-20261321T020000123Z-9f3c01ab-00000017-00000001A1000100.json")]
    [InlineData("inventorx-20261121T020000123Z-9f3c01ab-00000017-00000001A1000100.json")]
    [InlineData("")]
    public void TryParse_AnythingElse_IsFalse(string text) => WalInventoryName.TryParse(text, out _).ShouldBeFalse();
}

using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Tests.Support;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Archive.Tests.Wal;

public sealed class WalInventoryCodecTests : IDisposable
{
    private const string System = "7301234567890123456";

    private readonly SigningKey _signer = TestKeys.SigningKey;

    public static TheoryData<string, Func<WalInventory, WalInventory>> Violations => new()
    {
        { "cluster", inventory => inventory with { Cluster = "A" } },
        { "epoch", inventory => inventory with { EpochId = "x" } },
        { "system identifier", inventory => inventory with { SystemIdentifier = "../1" } },
        { "timeline", inventory => inventory with { Timeline = 0 } },
        { "timeline", inventory => inventory with { Timeline = 3 } },
        { "sequence", inventory => inventory with { Sequence = 0 } },
        { "sequence", inventory => inventory with { PreviousSha256 = null } },
        { "sequence", inventory => inventory with { Sequence = 1 } },
        { "SHA-256", inventory => inventory with { PreviousSha256 = "x" } },
        { "position", inventory => inventory with { EndLsn = "16" } },
        { "position", inventory => inventory with { EndLsn = "0/6FFFFFF", Covered = null } },
        { "position", inventory => inventory with { Objects = [Whole with { StartLsn = "0/7000001" }] } },
        { "covers more", inventory => inventory with { Covered = new WalCoverage(DateTimeOffset.UnixEpoch, "0/7001001") } },
        { "covers more", inventory => inventory with { Covered = new WalCoverage(DateTimeOffset.UnixEpoch, "x") } },
        { "name or a place", inventory => inventory with { Objects = [Whole with { File = "../../etc/passwd" }] } },
        { "name or a place", inventory => inventory with { Objects = [Whole with { Form = WalObjectForm.History }] } },
        { "name or a place", inventory => inventory with { Objects = [Partial, Whole] } },
        { "timeline", inventory => inventory with { Objects = [Whole with { File = "000000010000000000000006" }] } },
        { "hash", inventory => inventory with { Objects = [Whole with { Sha256 = "cc" }] } },
        { "size", inventory => inventory with { Objects = [Whole with { Size = 0 }] } },
        { "more objects", inventory => inventory with { Objects = [.. Enumerable.Repeat(Whole, WalInventoryCodec.MostObjects + 1)] } },
    };

    private static WalInventoryObject Whole { get; } = new("000000020000000000000006", WalObjectForm.Segment, "0/6000000", "0/7000000", 5000, new string('c', 64));

    private static WalInventoryObject Partial { get; } = new("000000020000000000000007", WalObjectForm.Partial, "0/7000000", "0/7001000", 900, new string('d', 64));

    public void Dispose() => _signer.Dispose();

    [Fact]
    public void Read_WhatWasWritten_GivesTheSameInventory()
    {
        var written = WalInventoryCodec.Write(Create(), _signer);

        var read = Read(written);

        read.Objects.ShouldBe(Create().Objects);
        (read with { Objects = [] }).ShouldBe(Create() with { Objects = [] });
        WalInventoryCodec.NameOf(read).ToString().ShouldBe("inventory-20261121T020000123Z-9f3c01ab-00000002-0000000007001000");
    }

    [Fact]
    public void Write_TheLongestList_IsSmallerThanReadersTake() =>
        WalInventoryCodec.Write(Create() with { Objects = [.. Enumerable.Repeat(Whole, WalInventoryCodec.MostObjects)] }, _signer)
            .Json.Length.ShouldBeLessThan(WalInventoryCodec.LargestSize / 2);

    [Theory]
    [MemberData(nameof(Violations))]
    public void Write_WhatAReaderWouldRefuse_ThrowsAndSaysWhat(string part, Func<WalInventory, WalInventory> violate) =>
        Should.Throw<InvalidOperationException>(() => WalInventoryCodec.Write(violate(Create()), _signer)).Message.ShouldContain(part);

    [Theory]
    [InlineData("other", System, 2, 2, 0x7001000)]
    [InlineData(TestManifests.Cluster, "1", 2, 2, 0x7001000)]
    [InlineData(TestManifests.Cluster, System, 1, 2, 0x7001000)]
    [InlineData(TestManifests.Cluster, System, 2, 3, 0x7001000)]
    [InlineData(TestManifests.Cluster, System, 2, 2, 0x7001001)]
    public void Read_MovedToAnotherPlace_IsRefused(string cluster, string system, int timeline, int sequence, ulong end)
    {
        var written = WalInventoryCodec.Write(Create(), _signer);

        Should.Throw<ArchiveException>(() => WalInventoryCodec.Read(
            written.Json, written.Signature, TestKeys.Pinned, cluster, system, timeline, new WalInventoryName(TestManifests.BackupId, sequence, end)))
            .Code.ShouldBe(ErrorCodes.ManifestAltered);
    }

    [Fact]
    public void Read_AByteChanged_IsRefused()
    {
        var written = WalInventoryCodec.Write(Create(), _signer);
        written.Json[^3] ^= 1;

        Should.Throw<ArchiveException>(() => Read(written)).Code.ShouldBe(ErrorCodes.ManifestAltered);
    }

    private static WalInventory Read(SignedDocument document) => WalInventoryCodec.Read(
        document.Json, document.Signature, TestKeys.Pinned, TestManifests.Cluster, System, timeline: 2, new WalInventoryName(TestManifests.BackupId, 2, 0x7001000));

    private WalInventory Create() => new()
    {
        Format = WalInventory.CurrentFormat,
        Cluster = TestManifests.Cluster,
        SystemIdentifier = System,
        Timeline = 2,
        EpochId = TestManifests.BackupId,
        Sequence = 2,
        PreviousSha256 = new string('b', 64),
        WrittenAt = new DateTimeOffset(2026, 11, 21, 2, 5, 0, TimeSpan.Zero),
        EndLsn = "0/7001000",
        Objects = [Whole, Partial],
        Covered = new WalCoverage(new DateTimeOffset(2026, 11, 21, 2, 4, 59, TimeSpan.Zero), "0/7000F00"),
        SignedBy = _signer.KeyId,
    };
}

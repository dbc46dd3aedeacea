using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Tests.Support;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Archive.Tests.Wal;

public sealed class WalEpochCodecTests : IDisposable
{
    private const string System = "7301234567890123456";

    private readonly SigningKey _signer = TestKeys.SigningKey;

    public static TheoryData<string, Func<WalEpoch, WalEpoch>> Violations => new()
    {
        { "cluster", epoch => epoch with { Cluster = "A" } },
        { "id", epoch => epoch with { EpochId = "x" } },
        { "system identifier", epoch => epoch with { SystemIdentifier = "../1" } },
        { "timeline", epoch => epoch with { Timeline = 0 } },
        { "ancestors", epoch => epoch with { Ancestors = [new WalAncestor(3, "0/1")] } },
        { "ancestors", epoch => epoch with { Ancestors = [new WalAncestor(2, "0/1"), new WalAncestor(1, "0/2")] } },
        { "position", epoch => epoch with { Ancestors = [new WalAncestor(1, "x")] } },
        { "position", epoch => epoch with { StartLsn = "16" } },
        { "segment size", epoch => epoch with { SegmentSize = 3 << 20 } },
        { "compression", epoch => epoch with { Compression = "lzma" } },
        { "encryption", epoch => epoch with { Encryption = "none" } },
        { "recipients", epoch => epoch with { Recipients = [] } },
    };

    public void Dispose() => _signer.Dispose();

    [Fact]
    public void Read_WhatWasWritten_GivesTheSameEpoch()
    {
        var written = WalEpochCodec.Write(Create(), _signer);

        var read = Read(written);

        read.Ancestors.ShouldBe(Create().Ancestors);
        read.Recipients.ShouldBe(Create().Recipients);
        (read with { Ancestors = [], Recipients = [] }).ShouldBe(Create() with { Ancestors = [], Recipients = [] });
    }

    [Theory]
    [MemberData(nameof(Violations))]
    public void Write_WhatAReaderWouldRefuse_ThrowsAndSaysWhat(string part, Func<WalEpoch, WalEpoch> violate) =>
        Should.Throw<InvalidOperationException>(() => WalEpochCodec.Write(violate(Create()), _signer)).Message.ShouldContain(part);

    [Theory]
    [InlineData("other", System, TestManifests.BackupId)]
    [InlineData(TestManifests.Cluster, "1", TestManifests.BackupId)]
    [InlineData(TestManifests.Cluster, System, "20261121T020000123Z-00000000")]
    public void Read_MovedToAnotherPlace_IsRefused(string cluster, string system, string epoch)
    {
        var written = WalEpochCodec.Write(Create(), _signer);

        Should.Throw<ArchiveException>(() => WalEpochCodec.Read(written.Json, written.Signature, TestKeys.Pinned, cluster, system, epoch))
            .Code.ShouldBe(ErrorCodes.ManifestAltered);
    }

    [Fact]
    public void Read_AByteChanged_IsRefused()
    {
        var written = WalEpochCodec.Write(Create(), _signer);
        written.Json[^3] ^= 1;

        Should.Throw<ArchiveException>(() => Read(written)).Code.ShouldBe(ErrorCodes.ManifestAltered);
    }

    private WalEpoch Read(SignedDocument document) =>
        WalEpochCodec.Read(document.Json, document.Signature, TestKeys.Pinned, TestManifests.Cluster, System, TestManifests.BackupId);

    private WalEpoch Create() => new()
    {
        Format = WalEpoch.CurrentFormat,
        Cluster = TestManifests.Cluster,
        EpochId = TestManifests.BackupId,
        SystemIdentifier = System,
        StartedAt = new DateTimeOffset(2026, 11, 21, 2, 0, 0, TimeSpan.Zero),
        ServerVersionNumber = 150020,
        Timeline = 3,
        Ancestors = [new WalAncestor(1, "0/16B3748"), new WalAncestor(2, "0/5000000")],
        StartLsn = "0/6000000",
        SegmentSize = 16 << 20,
        Compression = "zstd",
        Encryption = "AES256_GCM_HKDF_1MB",
        Recipients = [new KeyEnvelope("rsa", TestManifests.Hash, "RSA-OAEP-256", "AAAA", "recovery")],
        SignedBy = _signer.KeyId,
    };
}

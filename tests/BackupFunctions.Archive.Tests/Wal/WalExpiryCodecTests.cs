using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Tests.Support;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Logs;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Archive.Tests.Wal;

public sealed class WalExpiryCodecTests : IDisposable
{
    private const string System = "7301234567890123456";
    private const string Id = "20261121T050000123Z-9f3c01ab";

    private readonly SigningKey _signer = TestKeys.SigningKey;

    public static TheoryData<string, Func<WalExpiry, WalExpiry>> Violations => new()
    {
        { "cluster", expiry => expiry with { Cluster = "A" } },
        { "system identifier", expiry => expiry with { SystemIdentifier = "../1" } },
        { "id", expiry => expiry with { Id = "x" } },
        { "SHA-256", expiry => expiry with { PreviousSha256 = "x" } },
        { "segment size", expiry => expiry with { SegmentSize = 100 } },
        { "stretches", expiry => expiry with { Expired = [new(0, "0/0", "0/1")] } },
        { "stretches", expiry => expiry with { Expired = [new(1, "0/1", "0/1")] } },
        { "stretches", expiry => expiry with { Expired = [new(1, "x", "0/1")] } },
        { "stretches", expiry => expiry with { Expired = [new(1, "0/0", "0/2"), new(1, "0/2", "0/3")] } },
        { "stretches", expiry => expiry with { Deleted = [new(2, "0/0", "0/2"), new(1, "0/2", "0/3")] } },
        { "more stretches", expiry => expiry with { Deleted = [.. Spans(WalExpiryCodec.MostSpans + 1)] } },
        { "epochs", expiry => expiry with { Epochs = ["x"] } },
        { "epochs", expiry => expiry with { Epochs = [Id, Id] } },
        { "more epochs", expiry => expiry with { Epochs = [.. Epochs(WalExpiryCodec.MostEpochs + 1)] } },
    };

    public void Dispose() => _signer.Dispose();

    [Fact]
    public void Read_WhatWasWritten_GivesTheSameStatement()
    {
        var read = Read(WalExpiryCodec.Write(Create(), _signer));

        read.ShouldSatisfyAllConditions(
            expiry => expiry.Expired.ShouldBe(Create().Expired), expiry => expiry.Deleted.ShouldBe(Create().Deleted), expiry => expiry.Epochs.ShouldBe(Create().Epochs));
        WalExpiryCodec.SpansOf(read.Expired).All.ShouldBe([new LogSpan(1, 0, 0x6000000), new LogSpan(2, 0x8000000, 1UL << 32)]);
        WalExpiryCodec.ListOf(WalExpiryCodec.SpansOf(read.Expired)).ShouldBe(read.Expired);
    }

    [Fact]
    public void Write_TheLongest_IsSmallerThanReadersTake() => WalExpiryCodec.Write(
            Create() with { Expired = [.. Spans(WalExpiryCodec.MostSpans)], Deleted = [.. Spans(WalExpiryCodec.MostSpans)], Epochs = [.. Epochs(WalExpiryCodec.MostEpochs)] }, _signer)
        .Json.Length.ShouldBeLessThan(WalExpiryCodec.LargestSize);

    [Theory]
    [MemberData(nameof(Violations))]
    public void Write_WhatAReaderWouldRefuse_ThrowsAndSaysWhat(string part, Func<WalExpiry, WalExpiry> violate) =>
        Should.Throw<InvalidOperationException>(() => WalExpiryCodec.Write(violate(Create()), _signer)).Message.ShouldContain(part);

    [Theory]
    [InlineData("other", System, Id)]
    [InlineData(TestManifests.Cluster, "1", Id)]
    [InlineData(TestManifests.Cluster, System, "20261121T050000123Z-9f3c01ac")]
    public void Read_MovedToAnotherPlace_IsRefused(string cluster, string system, string id)
    {
        var written = WalExpiryCodec.Write(Create(), _signer);

        Should.Throw<ArchiveException>(() => WalExpiryCodec.Read(written.Json, written.Signature, TestKeys.Pinned, cluster, system, id)).Code.ShouldBe(ErrorCodes.ManifestAltered);
    }

    [Fact]
    public void Read_AByteChanged_IsRefused()
    {
        var written = WalExpiryCodec.Write(Create(), _signer);
        written.Json[^3] ^= 1;

        Should.Throw<ArchiveException>(() => Read(written)).Code.ShouldBe(ErrorCodes.ManifestAltered);
    }

    private static WalExpiry Read(SignedDocument written) => WalExpiryCodec.Read(written.Json, written.Signature, TestKeys.Pinned, TestManifests.Cluster, System, Id);

    private static IEnumerable<WalExpirySpan> Spans(int count) => Enumerable.Range(0, count).Select(number => new WalExpirySpan(1, Lsn.Format(((ulong)number << 25) | (1UL << 60)), Lsn.Format(((ulong)number << 25) + (1 << 24) | (1UL << 60))));

    private static IEnumerable<string> Epochs(int count) => Enumerable.Range(0, count).Select(number => $"20261121T050000123Z-{number:x8}");

    private WalExpiry Create() => new()
    {
        Format = WalExpiry.CurrentFormat,
        Cluster = TestManifests.Cluster,
        SystemIdentifier = System,
        Id = Id,
        PreviousSha256 = new string('b', 64),
        SegmentSize = 16 << 20,
        Expired = [new(1, "0/0", "0/6000000"), new(2, "0/8000000", "1/0")],
        Deleted = [new(1, "0/0", "0/3000000")],
        Epochs = [Id, "20261122T050000123Z-9f3c01ab"],
        SignedBy = _signer.KeyId,
    };
}

using BackupFunctions.Archive.Encryption;
using BackupFunctions.Archive.Tests.Support;
using BackupFunctions.Contracts;

namespace BackupFunctions.Archive.Tests.Encryption;

public sealed class SegmentStreamsTests : IDisposable
{
    private static readonly StreamingParameters Small = SegmentedObjects.Small;

    private readonly DataKey _key = DataKey.Create();

    public void Dispose() => _key.Dispose();

    // Segments of 64 bytes: the first holds 8 bytes of plaintext, every other one 48.
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(8, 1)]
    [InlineData(9, 2)]
    [InlineData(56, 2)]
    [InlineData(57, 3)]
    [InlineData(8 + (48 * 5), 6)]
    [InlineData(8 + (48 * 5) + 1, 7)]
    public async Task Streams_AnyLengthInAnyPieces_RoundTripWithoutAnEmptyLastSegment(int length, int segments)
    {
        var plain = Bytes.Random(length);
        foreach (var chunk in new[] { 1, 7, 48, 49, 1000 })
        {
            var sealedBytes = await SegmentedObjects.SealAsync(Small, plain, _key, chunk: chunk);

            sealedBytes.Length.ShouldBe(40 + length + (16 * segments));
            (await SegmentedObjects.OpenAsync(Small, sealedBytes, _key)).ShouldEqual(plain);
        }
    }

    [Fact]
    public async Task Encryption_SamePlaintextTwice_SharesNoBytes()
    {
        var first = await SegmentedObjects.SealAsync(Small, new byte[100], _key);
        var second = await SegmentedObjects.SealAsync(Small, new byte[100], _key);

        first[1..40].ShouldNotBe(second[1..40]);
        first[40..].ShouldNotBe(second[40..]);
    }

    [Fact]
    public async Task Decryption_EveryByteFlipped_IsDamagedAndGivesOnlyWholeEarlierSegments()
    {
        var plain = Bytes.Random(8 + 48 + 48 + 10);
        var sealedBytes = await SegmentedObjects.SealAsync(Small, plain, _key);
        for (var position = 0; position < sealedBytes.Length; position++)
        {
            await using var stream = new SegmentDecryptionStream(
                Small, new MemoryStream(Bytes.Flipped(sealedBytes, position)), _key, SegmentedObjects.Aad);
            var buffer = new byte[plain.Length];
            var given = 0;

            var failure = await Should.ThrowAsync<ArchiveException>(async () =>
            {
                int count;
                while ((count = await stream.ReadAsync(buffer.AsMemory(given))) > 0)
                {
                    given += count;
                }
            });

            failure.Code.ShouldBe(ErrorCodes.ObjectDamaged);
            given.ShouldBe(position < 64 ? 0 : 8 + (48 * ((position / 64) - 1)), $"byte {position}");
            buffer[..given].ShouldBe(plain[..given]);
        }
    }

    [Fact]
    public async Task Decryption_CutAnywhere_IsDamaged()
    {
        var sealedBytes = await SegmentedObjects.SealAsync(Small, Bytes.Random(8 + 48 + 48), _key);
        for (var length = 0; length < sealedBytes.Length; length++)
        {
            await ShouldBeDamagedAsync(sealedBytes[..length], $"cut to {length}");
        }
    }

    [Fact]
    public async Task Decryption_ReadAgainAfterDamage_StaysDamaged()
    {
        var sealedBytes = await SegmentedObjects.SealAsync(Small, Bytes.Random(8 + 48), _key);
        await using var stream = new SegmentDecryptionStream(
            Small, new MemoryStream([.. new byte[64], .. sealedBytes]), _key, SegmentedObjects.Aad);

        for (var attempt = 0; attempt < 3; attempt++)
        {
            (await Should.ThrowAsync<ArchiveException>(stream.ReadAsync(new byte[10]).AsTask())).Code.ShouldBe(ErrorCodes.ObjectDamaged);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(64)]
    public async Task Decryption_BytesAppended_IsDamaged(int count)
    {
        var sealedBytes = await SegmentedObjects.SealAsync(Small, Bytes.Random(8 + 48), _key);

        await ShouldBeDamagedAsync([.. sealedBytes, .. new byte[count]], "appended");
    }

    [Fact]
    public async Task Decryption_SegmentsReorderedOrRepeatedOrDropped_IsDamaged()
    {
        var sealedBytes = await SegmentedObjects.SealAsync(Small, Bytes.Random(8 + (48 * 3)), _key);
        byte[] Segment(int index) => sealedBytes[(index * 64)..((index + 1) * 64)];

        await ShouldBeDamagedAsync([.. Segment(0), .. Segment(2), .. Segment(1), .. Segment(3)], "two swapped");
        await ShouldBeDamagedAsync([.. Segment(0), .. Segment(1), .. Segment(1), .. Segment(3)], "one repeated");
        await ShouldBeDamagedAsync([.. Segment(0), .. Segment(2), .. Segment(3)], "one dropped");
        await ShouldBeDamagedAsync([.. Segment(0), .. Segment(1), .. Segment(2)], "the last dropped");
    }

    [Fact]
    public async Task Decryption_OtherKeyOrOtherAad_IsDamaged()
    {
        var sealedBytes = await SegmentedObjects.SealAsync(Small, Bytes.Random(100), _key);
        using var other = DataKey.Create();

        (await Should.ThrowAsync<ArchiveException>(SegmentedObjects.OpenAsync(Small, sealedBytes, other)))
            .Message.ShouldContain("another key or name");
        (await Should.ThrowAsync<ArchiveException>(SegmentedObjects.OpenAsync(Small, sealedBytes, _key, "other")))
            .Code.ShouldBe(ErrorCodes.ObjectDamaged);
    }

    [Fact]
    public async Task Decryption_SegmentFromAnotherObjectOfTheSameKey_IsDamaged()
    {
        var first = await SegmentedObjects.SealAsync(Small, Bytes.Random(100), _key);
        var second = await SegmentedObjects.SealAsync(Small, Bytes.Random(100), _key);

        await ShouldBeDamagedAsync([.. first[..64], .. second[64..]], "spliced");
    }

    private async Task ShouldBeDamagedAsync(byte[] ciphertext, string what) =>
        (await Should.ThrowAsync<ArchiveException>(SegmentedObjects.OpenAsync(Small, ciphertext, _key), what))
            .Code.ShouldBe(ErrorCodes.ObjectDamaged);
}

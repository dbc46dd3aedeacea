using BackupFunctions.Archive.Encryption;
using BackupFunctions.Archive.Tests.Support;
using BackupFunctions.Contracts;

namespace BackupFunctions.Archive.Tests.Encryption;

public sealed class RandomAccessDecryptorTests : IDisposable
{
    private static readonly StreamingParameters Small = SegmentedObjects.Small;

    private readonly DataKey _key = DataKey.Create();

    public void Dispose() => _key.Dispose();

    [Fact]
    public async Task Read_EveryRange_EqualsThePlaintext()
    {
        var plain = Bytes.Random(8 + 48 + 48 + 5);
        using var decryptor = await OpenAsync(await SegmentedObjects.SealAsync(Small, plain, _key));
        decryptor.Length.ShouldBe(plain.Length);
        var buffer = new byte[plain.Length + 1];
        for (var start = 0; start <= plain.Length; start++)
        {
            for (var length = 0; length <= plain.Length - start + 1; length += 3)
            {
                var count = await decryptor.ReadAsync(start, buffer.AsMemory(0, length), CancellationToken.None);

                count.ShouldBe(Math.Min(length, plain.Length - start));
                buffer.AsSpan(0, count).SequenceEqual(plain.AsSpan(start, count)).ShouldBeTrue($"{start}+{length}");
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(56)]
    public async Task Open_EmptyOrExactlyFullSegments_KnowsTheLength(int length)
    {
        using var decryptor = await OpenAsync(await SegmentedObjects.SealAsync(Small, Bytes.Random(length), _key));

        decryptor.Length.ShouldBe(length);
        (await decryptor.ReadAsync(length, new byte[1], CancellationToken.None)).ShouldBe(0);
    }

    [Fact]
    public async Task Read_DefaultParametersOverSeveralMebibytes_EqualsThePlaintext()
    {
        var plain = Bytes.Random((3 * 1024 * 1024) + 17);
        var ciphertext = await SegmentedObjects.SealAsync(StreamingParameters.Aes256GcmHkdf1Mb, plain, _key, chunk: 100_000);
        using var decryptor = await RandomAccessDecryptor.OpenAsync(
            SegmentedObjects.ReadAt(ciphertext), ciphertext.Length, _key, SegmentedObjects.Aad, CancellationToken.None);
        foreach (var start in new[] { 0, 1_048_519, 1_048_520, 1_048_521, 2_097_079, 2_097_080, plain.Length - 20 })
        {
            var buffer = new byte[20];
            (await decryptor.ReadAsync(start, buffer, CancellationToken.None)).ShouldBe(20);
            buffer.ShouldBe(plain[start..(start + 20)], $"at {start}");
        }
    }

    [Fact]
    public async Task Open_LastSegmentDroppedOrCut_IsDamaged()
    {
        var ciphertext = await SegmentedObjects.SealAsync(Small, Bytes.Random(8 + 48 + 48), _key);
        for (var length = 0; length < ciphertext.Length; length++)
        {
            (await Should.ThrowAsync<ArchiveException>(OpenAsync(ciphertext[..length]), $"cut to {length}"))
                .Code.ShouldBe(ErrorCodes.ObjectDamaged);
        }
    }

    [Fact]
    public async Task Read_DamagedSegment_GivesNothingOfIt_OthersStayReadable()
    {
        var plain = Bytes.Random(8 + 48 + 48);
        using var decryptor = await OpenAsync(Bytes.Flipped(await SegmentedObjects.SealAsync(Small, plain, _key), 64 + 10));
        var buffer = new byte[8];

        (await Should.ThrowAsync<ArchiveException>(decryptor.ReadAsync(20, buffer, CancellationToken.None).AsTask()))
            .Code.ShouldBe(ErrorCodes.ObjectDamaged);
        buffer.ShouldBe(new byte[8]);
        await decryptor.ReadAsync(0, buffer, CancellationToken.None);
        buffer.ShouldBe(plain[..8]);
    }

    [Fact]
    public async Task Open_HeaderOfAnotherLength_IsDamaged() =>
        (await Should.ThrowAsync<ArchiveException>(
            OpenAsync(Bytes.Flipped(await SegmentedObjects.SealAsync(Small, [], _key), 0)))).Message.ShouldContain("header");

    private Task<RandomAccessDecryptor> OpenAsync(byte[] ciphertext) => RandomAccessDecryptor.OpenAsync(
        Small, SegmentedObjects.ReadAt(ciphertext), ciphertext.Length, _key, SegmentedObjects.Aad, CancellationToken.None);
}

using System.Security.Cryptography;
using System.Text;
using BackupFunctions.Archive.Encryption;
using BackupFunctions.Archive.Tests.Support;

namespace BackupFunctions.Archive.Tests.Encryption;

/// <summary>
/// Known answers published by Tink (AesGcmHkdfStreamingTestUtil in tink-java, aes_gcm_hkdf_streaming_test_vectors in tink-cc):
/// none has segments of 1 MiB, so the parameters are those of the vectors.
/// </summary>
public class TinkVectorTests
{
    private const string ShortKey = "6eb56cdc726dfbe5d57f2fcdc6e9345b";
    private const string LongKey = "00112233445566778899aabbccddeeff6eb56cdc726dfbe5d57f2fcdc6e9345b";

    private const string EmptyPlaintext =
        "28fae780c70a82d1256c8303a1261ac6a98cf557b4e173967a62f3c149517ba5b2431da93b3c6e90f508b34dc14bfda59bab05681c6ad3fa";

    private const string EightBlocks =
        "28782994617714a80fa085e15051a16854522330d6d0f26c049b2192f09cdd98b2eb90c753bfff277a29e54fa4afb15d648c28477eb07f012535c767" +
        "f5fdce24ffffae318480c1d37357d6d3c511159318afa09ef38aa3f5456fd7817c5c02dd6e1a7fef174c8bd24e38b5982ac105497c0101ac5581fe5b";

    [Theory]
    [InlineData("SHA1", 64, "", "", EmptyPlaintext)]
    [InlineData("SHA1", 128, "", "", EmptyPlaintext)]
    [InlineData("SHA1", 120, "BLOCK 1.BLOCK 2.BLOCK 3.BLOCK 4.BLOCK 5.BLOCK 6.BLOCK 7.BLOCK 8.", "\0\u0001\u0002\u0003", EightBlocks)]
    public async Task Streams_PublishedVector_GiveTheSameBytes(string hash, int segmentSize, string plaintext, string aad, string ciphertext)
    {
        var parameters = new StreamingParameters(new HashAlgorithmName(hash), 32, segmentSize);
        var expected = Convert.FromHexString(ciphertext);
        using var key = DataKey.FromBytes(Convert.FromHexString(LongKey));

        (await SegmentedObjects.SealAsync(parameters, Encoding.ASCII.GetBytes(plaintext), key, aad, expected[..40])).ShouldBe(expected);
        (await SegmentedObjects.OpenAsync(parameters, expected, key, aad)).ShouldBe(Encoding.ASCII.GetBytes(plaintext));
    }

    [Theory]
    [InlineData("SHA1", ShortKey, "18ec99b2c3884194023bd41bb9bff309205354c750fa0cb3c0d02609abf71f88eaeaa48d7deca27f")]
    [InlineData("SHA256", ShortKey, "18be78bce0cab6fd38a9041eea8ab0ffc4cf17e3c00b661d3927f5f79069f41a210fedc40b25648c")]
    [InlineData("SHA512", ShortKey, "18fec8139ccb406e0f140d7e2bcc41e1b899bc1b121574cc31d1c78ed2ca1cdf324665b8dce21095")]
    [InlineData("SHA1", LongKey, "180880e85a24207a7b72cefde26306ed09d7d76e58104b751d005a3ffd72dd6151f0d9c8ccf163f7")]
    public void Cipher_PublishedVectorOfEveryHash_SealsTheEmptySegment(string hash, string key, string ciphertext)
    {
        var expected = Convert.FromHexString(ciphertext);
        var parameters = new StreamingParameters(new HashAlgorithmName(hash), 16, 64);
        using var cipher = new SegmentCipher(parameters, Convert.FromHexString(key), expected.AsSpan(0, 24), []);
        var tag = new byte[16];

        cipher.Seal(0, last: true, [], tag);

        tag.ShouldBe(expected[24..]);
    }

    [Fact]
    public void Cipher_PublishedVectorOfThreeSegments_SealsAndOpensEach()
    {
        var plain = "This is a fairly long plaintext. It is of the exact length to create three output blocks. "u8.ToArray();
        var header = Convert.FromHexString("1893b3af5e14ab378d065addfc8484da642c0862877baea8");
        byte[][] segments =
        [
            Convert.FromHexString("db92d9c77406a406168478821c4298eab3e6d531277f4c1a051714faebcaefcbca7b7be05e9445ea"),
            Convert.FromHexString(
                "a0bb2904153398a25084dd80ae0edcd1c3079fcea2cd3770630ee36f7539207b8ec9d754956d486b71cdf989f0ed6fba6779b63558be0a66e668df14e1603cd2"),
            Convert.FromHexString("af8944844078345286d0b292e772e7190775c51a0f83e40c0b75821027e7e538e111"),
        ];
        using var cipher = new SegmentCipher(
            new StreamingParameters(HashAlgorithmName.SHA1, 16, 64), Convert.FromHexString(ShortKey), header, "aad"u8);
        var start = 0;
        for (var index = 0; index < segments.Length; index++)
        {
            var piece = plain.AsSpan(start, segments[index].Length - 16).ToArray();
            var actual = new byte[segments[index].Length];
            cipher.Seal(index, last: index == 2, piece, actual);
            actual.ShouldBe(segments[index]);
            cipher.Open(index, last: index == 2, segments[index], actual.AsSpan(0, piece.Length));
            actual[..piece.Length].ShouldBe(piece);
            start += piece.Length;
        }

        start.ShouldBe(plain.Length);
    }

    [Theory]
    [InlineData(uint.MaxValue)]
    [InlineData(1L + uint.MaxValue)]
    [InlineData(-1L)]
    public void Cipher_CounterWouldOverflow_Refuses(long segment)
    {
        using var key = DataKey.Create();
        var header = new byte[40];
        SegmentCipher.FillHeader(StreamingParameters.Aes256GcmHkdf1Mb, header);
        using var cipher = new SegmentCipher(StreamingParameters.Aes256GcmHkdf1Mb, key.Bytes, header, []);

        Should.Throw<InvalidOperationException>(() => cipher.Seal(segment, last: false, new byte[1], new byte[17]));
        Should.NotThrow(() => cipher.Seal(uint.MaxValue - 1L, last: true, new byte[1], new byte[17]));
    }
}

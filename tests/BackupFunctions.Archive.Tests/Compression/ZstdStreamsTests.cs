using BackupFunctions.Archive.Compression;
using BackupFunctions.Archive.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Archive.Tests.Compression;

public class ZstdStreamsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(131_072)]
    [InlineData(5_000_000)]
    public async Task Streams_AnyLength_RoundTrip(int length)
    {
        var plain = Bytes.CopyText(length);

        (await DecompressAsync(await CompressAsync(plain, 3))).ShouldEqual(plain);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(19)]
    public async Task Compression_OpenedByTheZstdTool_GivesTheSameBytes(int level)
    {
        using var folder = new TemporaryFolder();
        var plain = Bytes.CopyText(1_000_000);
        await File.WriteAllBytesAsync(folder["a.zst"], await CompressAsync(plain, level));

        await CommandLine.RunAsync("zstd", "-dq", folder["a.zst"]);

        (await File.ReadAllBytesAsync(folder["a"])).ShouldEqual(plain);
    }

    [Fact]
    public async Task Decompression_WrittenByTheZstdTool_GivesTheSameBytes()
    {
        using var folder = new TemporaryFolder();
        var plain = Bytes.CopyText(1_000_000);
        await File.WriteAllBytesAsync(folder["a"], plain);

        await CommandLine.RunAsync("zstd", "-q9", folder["a"]);

        (await DecompressAsync(await File.ReadAllBytesAsync(folder["a.zst"]))).ShouldEqual(plain);
    }

    [Fact]
    public async Task Decompression_WindowOfTwoGibibytes_IsRefused()
    {
        // RFC 8878, 3.1.1.1: magic, descriptor without content size, window descriptor exponent 21 (10 + 21 = 2 GiB), one raw last block.
        byte[] frame = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 21 << 3, 0x01, 0x00, 0x00];
        byte[] allowed = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 17 << 3, 0x01, 0x00, 0x00];

        (await Should.ThrowAsync<InvalidDataException>(DecompressAsync(frame))).Message.ShouldContain("memory");
        (await DecompressAsync(allowed)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Decompression_CutAnywhere_IsInvalid()
    {
        var frame = await CompressAsync(Bytes.CopyText(500), 3);
        for (var length = 0; length < frame.Length; length++)
        {
            await Should.ThrowAsync<InvalidDataException>(DecompressAsync(frame[..length]), $"cut to {length}");
        }
    }

    [Fact]
    public async Task Decompression_BytesAfterTheFrame_IsInvalid()
    {
        var frame = await CompressAsync(Bytes.CopyText(500), 3);

        await Should.ThrowAsync<InvalidDataException>(DecompressAsync([.. frame, 0]));
        await Should.ThrowAsync<InvalidDataException>(DecompressAsync([.. frame, .. frame]));
    }

    [Fact]
    public async Task Decompression_FlippedContent_IsFoundByTheChecksum()
    {
        var frame = await CompressAsync(Bytes.Random(500), 3);

        await Should.ThrowAsync<InvalidDataException>(DecompressAsync(Bytes.Flipped(frame, 200)));
    }

    private static async Task<byte[]> CompressAsync(byte[] plain, int level)
    {
        using var frame = new MemoryStream();
        await using (var stream = new ZstdCompressionStream(frame, level))
        {
            await stream.WriteAsync(plain);
        }

        return frame.ToArray();
    }

    private static async Task<byte[]> DecompressAsync(byte[] frame)
    {
        await using var stream = new ZstdDecompressionStream(new MemoryStream(frame));
        return await ArchiveObjects.ReadToEndAsync(stream);
    }
}

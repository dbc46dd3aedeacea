using BackupFunctions.Archive.Compression;
using BackupFunctions.Archive.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Archive.Tests.Compression;

public class GzipStreamsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000_000)]
    public async Task Compression_OpenedByTheGzipTool_GivesTheSameBytes(int length)
    {
        using var folder = new TemporaryFolder();
        var plain = Bytes.CopyText(length);
        await File.WriteAllBytesAsync(folder["a.gz"], await CompressAsync(plain));

        await CommandLine.RunAsync("gzip", "-d", folder["a.gz"]);

        (await File.ReadAllBytesAsync(folder["a"])).ShouldEqual(plain);
    }

    [Fact]
    public async Task Decompression_WrittenByTheGzipTool_GivesTheSameBytes()
    {
        using var folder = new TemporaryFolder();
        var plain = Bytes.CopyText(1_000_000);
        await File.WriteAllBytesAsync(folder["a"], plain);

        await CommandLine.RunAsync("gzip", folder["a"]);

        (await DecompressAsync(await File.ReadAllBytesAsync(folder["a.gz"]))).ShouldEqual(plain);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(500)]
    public async Task Decompression_CutAnywhere_IsInvalid(int length)
    {
        var member = await CompressAsync(Bytes.CopyText(length));
        (await DecompressAsync(member)).Length.ShouldBe(length);
        for (var cut = 0; cut < member.Length; cut++)
        {
            await Should.ThrowAsync<InvalidDataException>(DecompressAsync(member[..cut]), $"cut to {cut}");
        }
    }

    [Fact]
    public async Task Decompression_BytesAfterTheMember_IsInvalid()
    {
        var member = await CompressAsync(Bytes.CopyText(500));

        await Should.ThrowAsync<InvalidDataException>(DecompressAsync([.. member, 0]));
        await Should.ThrowAsync<InvalidDataException>(DecompressAsync([.. member, .. member]));
    }

    [Fact]
    public async Task Decompression_FlippedContent_IsFoundByTheChecksum()
    {
        var member = await CompressAsync(Bytes.Random(500));

        await Should.ThrowAsync<InvalidDataException>(DecompressAsync(Bytes.Flipped(member, 200)));
    }

    private static async Task<byte[]> CompressAsync(byte[] plain)
    {
        using var member = new MemoryStream();
        await using (var stream = new GzipCompressionStream(member, 6))
        {
            await stream.WriteAsync(plain);
        }

        return member.ToArray();
    }

    private static async Task<byte[]> DecompressAsync(byte[] member)
    {
        await using var stream = new GzipDecompressionStream(new MemoryStream(member));
        return await ArchiveObjects.ReadToEndAsync(stream);
    }
}

using BackupFunctions.Archive.Compression;
using BackupFunctions.Archive.Encryption;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Packing;
using BackupFunctions.Archive.Reading;
using BackupFunctions.Archive.Tests.Support;
using BackupFunctions.Archive.Writing;
using BackupFunctions.Contracts;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Archive.Tests.Reading;

public sealed class ArchiveObjectReaderTests : IDisposable
{
    private readonly DataKey _key = DataKey.Create();

    public void Dispose() => _key.Dispose();

    [Theory]
    [InlineData(CompressionMethod.Zstd)]
    [InlineData(CompressionMethod.Gzip)]
    public async Task Reader_AtTheEnd_KnowsSizesAndHashes(CompressionMethod method)
    {
        var plain = Bytes.CopyText(4_000_000);
        var (ciphertext, result) = await ArchiveObjects.WriteAsync(plain, _key, compression: new CompressionOptions(method, 1));
        await using var reader = ArchiveObjectReader.Open(new MemoryStream(ciphertext), _key, ArchiveObjects.Aad, method);
        Should.Throw<InvalidOperationException>(() => reader.PlainSize);

        await ArchiveObjects.ReadToEndAsync(reader);

        reader.PlainSize.ShouldBe(result.PlainSize);
        reader.CiphertextSize.ShouldBe(result.Size);
        reader.CiphertextSha256.ShouldBe(result.Sha256);
        (await reader.ReadAsync(new byte[10])).ShouldBe(0);
    }

    [Theory]
    [InlineData(CompressionMethod.Zstd)]
    [InlineData(CompressionMethod.Gzip)]
    public async Task Reader_SourceInSinglesAndReadsOfAnySize_GivesTheSame(CompressionMethod method)
    {
        var plain = Bytes.CopyText(20_000);
        var (ciphertext, _) = await ArchiveObjects.WriteAsync(plain, _key, compression: new CompressionOptions(method, 1));
        await using var reader = ArchiveObjectReader.Open(new TricklingStream(ciphertext), _key, ArchiveObjects.Aad, method);
        using var all = new MemoryStream();
        var buffer = new byte[997];
        int count;
        while ((count = await reader.ReadAsync(buffer)) > 0)
        {
            all.Write(buffer, 0, count);
        }

        all.ToArray().ShouldEqual(plain);
    }

    [Theory]
    [InlineData(CompressionMethod.Zstd)]
    [InlineData(CompressionMethod.Gzip)]
    public async Task Reader_EachClassOfByteFlipped_IsDamaged(CompressionMethod method)
    {
        var (ciphertext, _) = await ArchiveObjects.WriteAsync(Bytes.Random(2_500_000), _key, compression: new CompressionOptions(method, 1));
        var positions = new Dictionary<string, int>(StringComparer.Ordinal)
        {
            ["header length"] = 0,
            ["salt"] = 20,
            ["nonce prefix"] = 35,
            ["first segment"] = 5000,
            ["first tag"] = 1_048_575,
            ["second segment"] = 1_048_576,
            ["last byte of the last tag"] = ciphertext.Length - 1,
        };
        foreach (var (what, position) in positions)
        {
            (await Should.ThrowAsync<ArchiveException>(ArchiveObjects.ReadAsync(Bytes.Flipped(ciphertext, position), _key, method: method), what))
                .Code.ShouldBe(ErrorCodes.ObjectDamaged, what);
        }
    }

    [Fact]
    public async Task Reader_SegmentsMovedOrTheLastOneGone_IsDamaged()
    {
        const int Segment = 1024 * 1024;
        var (bytes, _) = await ArchiveObjects.WriteAsync(Bytes.Random(4_000_000), _key);

        await ShouldBeDamagedAsync(bytes[..(3 * Segment)], "last segment gone");
        await ShouldBeDamagedAsync(
            [.. bytes[..Segment], .. bytes[(2 * Segment)..(3 * Segment)], .. bytes[Segment..(2 * Segment)], .. bytes[(3 * Segment)..]], "swapped");
        await ShouldBeDamagedAsync([.. bytes, 0], "byte appended");
        await ShouldBeDamagedAsync([], "nothing there");
    }

    [Fact]
    public async Task Reader_ObjectOfAnotherBackupOrNameOrKey_IsDamagedAndNamesTheObject()
    {
        var (bytes, _) = await ArchiveObjects.WriteAsync(Bytes.Random(1000), _key);
        using var otherKey = DataKey.Create();
        const string OtherBackup = "pgdr:v1:main:20261122T020000123Z-00000000:data/000001.tink:1";

        (await Should.ThrowAsync<ArchiveException>(ArchiveObjects.ReadAsync(bytes, _key, OtherBackup))).Message.ShouldContain(OtherBackup);
        (await Should.ThrowAsync<ArchiveException>(ArchiveObjects.ReadAsync(bytes, otherKey))).Code.ShouldBe(ErrorCodes.ObjectDamaged);
    }

    [Fact]
    public async Task Reader_OtherMethodThanWritten_SaysSo()
    {
        var (zstd, _) = await ArchiveObjects.WriteAsync(Bytes.Random(1000), _key);
        var (gzip, _) = await ArchiveObjects.WriteAsync(Bytes.Random(1000), _key, compression: ArchiveObjects.Gzip);

        (await Should.ThrowAsync<ArchiveException>(ArchiveObjects.ReadAsync(zstd, _key, method: CompressionMethod.Gzip)))
            .Message.ShouldContain("does not decompress");
        (await Should.ThrowAsync<ArchiveException>(ArchiveObjects.ReadAsync(gzip, _key))).Message.ShouldContain("does not decompress");
    }

    [Fact]
    public async Task Reader_MoreThanItShouldHold_StopsInsteadOfFillingTheDisk()
    {
        var (bytes, _) = await ArchiveObjects.WriteAsync(new byte[50_000_000], _key);
        await using var exact = ArchiveObjectReader.Open(new MemoryStream(bytes), _key, ArchiveObjects.Aad, CompressionMethod.Zstd, 50_000_000);
        await using var less = ArchiveObjectReader.Open(new MemoryStream(bytes), _key, ArchiveObjects.Aad, CompressionMethod.Zstd, 49_999_999);

        await exact.CopyToAsync(Stream.Null);
        (await Should.ThrowAsync<ArchiveException>(less.CopyToAsync(Stream.Null))).Code.ShouldBe(ErrorCodes.ObjectDamaged);
    }

    [Fact]
    public async Task Reader_SourceFails_PassesItsExceptionThrough()
    {
        var (bytes, _) = await ArchiveObjects.WriteAsync(Bytes.Random(3_000_000), _key);
        await using var reader = ArchiveObjectReader.Open(
            new FailingStream(bytes, failAt: 1_500_000), _key, ArchiveObjects.Aad, CompressionMethod.Zstd);

        (await Should.ThrowAsync<IOException>(reader.CopyToAsync(Stream.Null))).Message.ShouldBe("connection lost");
    }

    [Fact]
    public async Task Reader_UnderTarAndJson_IsReadToItsEnd()
    {
        using var folder = new TemporaryFolder();
        var contents = TestContents.Create(TestContents.Tar("data/000001.tink"));
        var json = await WriteAsync(stream => ContentsCodec.WriteAsync(contents, stream, CancellationToken.None));
        var pack = await WriteAsync(async stream =>
        {
            await using var writer = new TarPackWriter(stream);
            await writer.AddAsync("toc.dat", new MemoryStream(Bytes.Random(2_000_000)), CancellationToken.None);
        });

        await using var jsonReader = ArchiveObjectReader.Open(new MemoryStream(json), _key, ArchiveObjects.Aad, CompressionMethod.Zstd);
        (await ContentsCodec.ReadAsync(jsonReader, CancellationToken.None)).Parts.ShouldBe(contents.Parts);
        jsonReader.CiphertextSize.ShouldBe(json.Length);
        await using var packReader = ArchiveObjectReader.Open(new MemoryStream(pack), _key, ArchiveObjects.Aad, CompressionMethod.Zstd);
        await TarPackReader.ExtractAsync(packReader, folder.Path, TarPackLimits.Default, CancellationToken.None);
        packReader.CiphertextSize.ShouldBe(pack.Length);
        (await File.ReadAllBytesAsync(folder["toc.dat"])).ShouldEqual(Bytes.Random(2_000_000));
    }

    [Fact]
    public async Task Read_CancelledWhileTheSourceHangs_Ends_AndDisposeDoesNotWaitForIt()
    {
        var source = new HangingStream();
        var reader = ArchiveObjectReader.Open(source, _key, ArchiveObjects.Aad, CompressionMethod.Zstd);
        using var cancellation = new CancellationTokenSource();
        var reading = reader.ReadAsync(new byte[1], cancellation.Token).AsTask();
        await source.Reading;
        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(reading);
        await reader.DisposeAsync();
        source.CanRead.ShouldBeFalse();
    }

    [Fact]
    public async Task Read_TokenOfAnEarlierReadCancelled_DoesNotDisturbTheReadAhead()
    {
        var plain = Bytes.Random(6_000_000);
        var (bytes, _) = await ArchiveObjects.WriteAsync(plain, _key);
        await using var reader = ArchiveObjectReader.Open(new TricklingStream(bytes, most: 100_000), _key, ArchiveObjects.Aad, CompressionMethod.Zstd);
        using var all = new MemoryStream();
        var buffer = new byte[50_000];
        int count;
        do
        {
            using var cancellation = new CancellationTokenSource();
            count = await reader.ReadAsync(buffer, cancellation.Token);
            await cancellation.CancelAsync();
            all.Write(buffer, 0, count);
        }
        while (count > 0);

        all.ToArray().ShouldEqual(plain);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Dispose_InTheMiddle_ClosesTheSource(bool asynchronously)
    {
        var (bytes, _) = await ArchiveObjects.WriteAsync(Bytes.Random(3_000_000), _key);
        var source = new MemoryStream(bytes);
        var reader = ArchiveObjectReader.Open(source, _key, ArchiveObjects.Aad, CompressionMethod.Zstd);
        await reader.ReadExactlyAsync(new byte[10]);

        if (asynchronously)
        {
            await reader.DisposeAsync();
        }
        else
        {
#pragma warning disable CA1849, VSTHRD103, MA0042 // The synchronous way is what this case is about.
            reader.Dispose();
#pragma warning restore CA1849, VSTHRD103, MA0042
        }

        source.CanRead.ShouldBeFalse();
    }

    private async Task<byte[]> WriteAsync(Func<Stream, Task> write)
    {
        using var ciphertext = new MemoryStream();
        await using var writer = ArchiveObjectWriter.Create(_key, ArchiveObjects.Aad, CompressionOptions.Default, ciphertext.WriteAsync);
        await write(writer.AsStream());
        await writer.CompleteAsync(CancellationToken.None);
        return ciphertext.ToArray();
    }

    private async Task ShouldBeDamagedAsync(byte[] ciphertext, string what) =>
        (await Should.ThrowAsync<ArchiveException>(ArchiveObjects.ReadAsync(ciphertext, _key), what)).Code.ShouldBe(ErrorCodes.ObjectDamaged);
}

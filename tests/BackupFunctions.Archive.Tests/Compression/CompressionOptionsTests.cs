using BackupFunctions.Archive.Compression;
using BackupFunctions.Archive.Encryption;
using BackupFunctions.Archive.Writing;
using BackupFunctions.Contracts;

namespace BackupFunctions.Archive.Tests.Compression;

public class CompressionOptionsTests
{
    [Fact]
    public void Default_IsZstdThree() => CompressionOptions.Default.ShouldBe(new CompressionOptions(CompressionMethod.Zstd, 3));

    [Theory]
    [InlineData("zstd", CompressionMethod.Zstd)]
    [InlineData("gzip", CompressionMethod.Gzip)]
    public void Parse_KnownName_RoundTrips(string name, CompressionMethod method)
    {
        CompressionOptions.Parse(name).ShouldBe(method);
        CompressionOptions.Format(method).ShouldBe(name);
        new CompressionOptions(method, 1).Name.ShouldBe(name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ZSTD")]
    [InlineData("lz4")]
    public void Parse_UnknownName_SaysWhatIsPossible(string name)
    {
        var failure = Should.Throw<ArchiveException>(() => CompressionOptions.Parse(name));

        failure.Code.ShouldBe(ErrorCodes.InvalidSettings);
        failure.Message.ShouldContain("use zstd or gzip");
    }

    [Theory]
    [InlineData(CompressionMethod.Zstd, 0)]
    [InlineData(CompressionMethod.Zstd, 20)]
    [InlineData(CompressionMethod.Gzip, 0)]
    [InlineData(CompressionMethod.Gzip, 10)]
    public void Writer_LevelThatDoesNotExist_Refuses(CompressionMethod method, int level)
    {
        using var key = DataKey.Create();

        Should.Throw<ArchiveException>(() => ArchiveObjectWriter.Create(
                key, "aad", new CompressionOptions(method, level), (_, _) => ValueTask.CompletedTask))
            .Code.ShouldBe(ErrorCodes.InvalidSettings);
    }
}

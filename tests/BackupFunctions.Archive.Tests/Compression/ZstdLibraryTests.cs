using BackupFunctions.Archive.Compression;
using BackupFunctions.Contracts;

namespace BackupFunctions.Archive.Tests.Compression;

public class ZstdLibraryTests
{
    [Fact]
    public void Create_LibraryMissing_NamesThePackage()
    {
        var failure = Should.Throw<ArchiveException>(
            () => ZstdLibrary.WithLibrary<ZstdCompressionHandle>(() => throw new DllNotFoundException("libzstd.so.1")));

        failure.Code.ShouldBe(ErrorCodes.ToolMissing);
        failure.Message.ShouldContain("install the package libzstd1");
    }

    [Fact]
    public void Step_ErrorOfTheLibrary_IsInvalidData()
    {
        using var decoder = new ZstdDecoder();

        Should.Throw<InvalidDataException>(() => decoder.Step("not zstd at all"u8, new byte[10], out _, out _)).Message.ShouldStartWith("zstd: ");
    }
}

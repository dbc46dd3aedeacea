using System.Formats.Tar;
using System.Text;
using BackupFunctions.Archive.Packing;
using BackupFunctions.Archive.Tests.Support;
using BackupFunctions.Contracts;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Archive.Tests.Packing;

public sealed class TarPackTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, TarEntry> HostileEntries => new()
    {
        { "plain", File("../escape") },
        { "plain", File("/tmp/escape") },
        { "plain", File("folder/file") },
        { "plain", File("back\\slash") },
        { "plain", File("..") },
        { "regular", new UstarTarEntry(TarEntryType.Directory, "folder") },
        { "regular", new UstarTarEntry(TarEntryType.SymbolicLink, "link") { LinkName = "/etc/passwd" } },
        { "regular", new UstarTarEntry(TarEntryType.HardLink, "link") { LinkName = "toc.dat" } },
        { "regular", new UstarTarEntry(TarEntryType.Fifo, "fifo") },
        { "regular", new UstarTarEntry(TarEntryType.CharacterDevice, "device") },
        { "twice", File("toc.dat") },
        { "twice", File("TOC.DAT") },
        { "plain", new PaxTarEntry(TarEntryType.RegularFile, "../pax") { DataStream = new MemoryStream([1]) } },
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Extract_WhatWasPacked_GivesTheSamePrivateFiles()
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            ["toc.dat"] = Bytes.Random(1000),
            ["empty.dat"] = [],
            ["3456.dat.gz"] = Bytes.Random(512),
            ["blob_16401.dat"] = Bytes.Random(2_000_000),
        };

        var names = await ExtractAsync(await PackAsync(files));

        names.ShouldBe(files.Keys, ignoreOrder: false);
        foreach (var (name, bytes) in files)
        {
            (await System.IO.File.ReadAllBytesAsync(_folder[name])).ShouldEqual(bytes);
            if (!OperatingSystem.IsWindows())
            {
                System.IO.File.GetUnixFileMode(_folder[name]).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }
    }

    [Fact]
    public async Task Pack_SameFilesTwice_GivesTheSameBytesThatTarReads()
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal) { ["a"] = [1, 2, 3], ["b"] = [] };
        var pack = await PackAsync(files);
        await System.IO.File.WriteAllBytesAsync(_folder["pack.tar"], pack);

        (await PackAsync(files)).ShouldBe(pack);
        (await CommandLine.RunAsync("tar", "-tf", _folder["pack.tar"])).ShouldBe("a\nb\n");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("größe")]
    [InlineData("new\nline")]
    public async Task Pack_NameThatIsNotPlain_Refuses(string name)
    {
        await using var writer = new TarPackWriter(Stream.Null);

        await Should.ThrowAsync<ArgumentException>(writer.AddAsync(name, new MemoryStream([1]), CancellationToken.None));
        await Should.ThrowAsync<ArgumentException>(writer.AddAsync(new string('a', 101), new MemoryStream([1]), CancellationToken.None));
    }

    [Theory]
    [MemberData(nameof(HostileEntries))]
    public async Task Extract_HostileEntry_IsRefusedAndLeavesNothingOutside(string cause, TarEntry entry)
    {
        using var tar = new MemoryStream();
        await using (var writer = new TarWriter(tar, TarEntryFormat.Pax, leaveOpen: true))
        {
            await writer.WriteEntryAsync(File("toc.dat"));
            await writer.WriteEntryAsync(entry);
        }

        var failure = await Should.ThrowAsync<ArchiveException>(ExtractAsync(tar.ToArray()));

        failure.Code.ShouldBe(ErrorCodes.ObjectDamaged);
        failure.Message.ShouldContain(cause);
        Directory.GetFileSystemEntries(_folder.Path).ShouldBe([_folder["toc.dat"]]);
    }

    [Fact]
    public async Task ExtractNested_PathsBelowTheFolder_AreOpenedByTheirPaths()
    {
        using var pack = new MemoryStream();
        await using (var writer = new TarPackWriter(pack, nested: true))
        {
            await writer.AddAsync("base/5/1259", new MemoryStream([1, 2]), CancellationToken.None);
            await writer.AddAsync("BASE/5/1259", new MemoryStream(), CancellationToken.None);
            await Should.ThrowAsync<ArgumentException>(writer.AddAsync("base/../x", new MemoryStream(), CancellationToken.None));
        }

        var files = new Dictionary<string, MemoryStream>(StringComparer.Ordinal);
        (await ExtractNestedAsync(pack.ToArray(), files)).ShouldBe(["base/5/1259", "BASE/5/1259"]);
        files["base/5/1259"].ToArray().ShouldBe([1, 2]);
    }

    [Theory]
    [MemberData(nameof(HostileEntries))]
    public async Task ExtractNested_HostileEntry_IsRefusedBeforeItIsOpened(string cause, TarEntry entry)
    {
        using var tar = new MemoryStream();
        await using (var writer = new TarWriter(tar, TarEntryFormat.Pax, leaveOpen: true))
        {
            await writer.WriteEntryAsync(File("toc.dat"));
            await writer.WriteEntryAsync(entry);
        }

        var files = new Dictionary<string, MemoryStream>(StringComparer.Ordinal);
        // A path below the folder, and another case, are what this one takes.
        if (entry.Name is "folder/file" or "TOC.DAT")
        {
            (await ExtractNestedAsync(tar.ToArray(), files)).ShouldBe(["toc.dat", entry.Name]);
            return;
        }

        (await Should.ThrowAsync<ArchiveException>(ExtractNestedAsync(tar.ToArray(), files))).Message.ShouldContain(cause);
        files.Keys.ShouldBe(["toc.dat"]);
    }

    [Fact]
    public async Task Extract_SparseEntryOfGnuTar_IsRefused()
    {
        await CommandLine.RunAsync("truncate", "-s", "1T", _folder["sparse"]);
        await CommandLine.RunAsync("tar", "--format=gnu", "-S", "-cf", _folder["pack.tar"], "-C", _folder.Path, "sparse");
        var pack = await System.IO.File.ReadAllBytesAsync(_folder["pack.tar"]);
        Directory.CreateDirectory(_folder["out"]);

        await Should.ThrowAsync<ArchiveException>(
            TarPackReader.ExtractAsync(new MemoryStream(pack), _folder["out"], TarPackLimits.Default, CancellationToken.None));
        Directory.GetFiles(_folder["out"]).ShouldBeEmpty();
    }

    [Fact]
    public async Task Extract_FileIsThereAlready_IsNotOverwrittenAndNoLinkIsFollowed()
    {
        var pack = await PackAsync(new Dictionary<string, byte[]>(StringComparer.Ordinal) { ["toc.dat"] = [1] });
        System.IO.File.CreateSymbolicLink(_folder["toc.dat"], _folder["elsewhere"]);

        await Should.ThrowAsync<IOException>(ExtractAsync(pack));
        System.IO.File.Exists(_folder["elsewhere"]).ShouldBeFalse();
    }

    [Fact]
    public async Task Extract_AboveALimit_StopsBeforeTheFile()
    {
        var pack = await PackAsync(Enumerable.Range(0, 10).ToDictionary(index => $"file{index}", _ => new byte[100], StringComparer.Ordinal));

        (await Should.ThrowAsync<ArchiveException>(ExtractAsync(pack, new TarPackLimits(3, 1_000_000)))).Message.ShouldContain("more than 3 files");
        Directory.GetFiles(_folder.Path).Length.ShouldBe(3);
        using var other = new TemporaryFolder();
        (await Should.ThrowAsync<ArchiveException>(TarPackReader.ExtractAsync(
            new MemoryStream(pack), other.Path, new TarPackLimits(100, 450), CancellationToken.None))).Message.ShouldContain("more than 450 bytes");
        Directory.GetFiles(other.Path).Length.ShouldBe(4);
    }

    [Fact]
    public async Task Extract_NotATarOrCut_IsDamaged()
    {
        var pack = await PackAsync(new Dictionary<string, byte[]>(StringComparer.Ordinal) { ["toc.dat"] = Bytes.Random(5000) });

        await ShouldBeDamagedAsync(Bytes.Random(5000));
        await ShouldBeDamagedAsync(pack[..700]);
        await ShouldBeDamagedAsync(pack[..300]);
        await ShouldBeDamagedAsync([.. pack, 1]);
    }

    [Fact]
    public async Task Extract_ZerosBehindTheEnd_AreReadToTheLast()
    {
        var pack = await PackAsync(new Dictionary<string, byte[]>(StringComparer.Ordinal) { ["toc.dat"] = [1] });
        using var stream = new MemoryStream([.. pack, .. new byte[20_000]]);

        await TarPackReader.ExtractAsync(stream, _folder.Path, TarPackLimits.Default, CancellationToken.None);

        stream.Position.ShouldBe(stream.Length);
    }

    private static UstarTarEntry File(string name) =>
        new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.ASCII.GetBytes("content")) };

    private static async Task<byte[]> PackAsync(IReadOnlyDictionary<string, byte[]> files)
    {
        using var pack = new MemoryStream();
        await using (var writer = new TarPackWriter(pack))
        {
            foreach (var (name, bytes) in files)
            {
                await writer.AddAsync(name, new MemoryStream(bytes), CancellationToken.None);
            }
        }

        return pack.ToArray();
    }

    private async Task ShouldBeDamagedAsync(byte[] pack)
    {
        using var folder = new TemporaryFolder();
        (await Should.ThrowAsync<ArchiveException>(TarPackReader.ExtractAsync(
            new MemoryStream(pack), folder.Path, TarPackLimits.Default, CancellationToken.None))).Code.ShouldBe(ErrorCodes.ObjectDamaged);
    }

    private Task<IReadOnlyList<string>> ExtractAsync(byte[] pack, TarPackLimits? limits = null) =>
        TarPackReader.ExtractAsync(new MemoryStream(pack), _folder.Path, limits ?? TarPackLimits.Default, CancellationToken.None);

    private static Task<IReadOnlyList<string>> ExtractNestedAsync(byte[] pack, Dictionary<string, MemoryStream> files) =>
        TarPackReader.ExtractNestedAsync(new MemoryStream(pack), TarPackLimits.Default, name => files[name] = new MemoryStream(), CancellationToken.None);
}

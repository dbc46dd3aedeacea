using System.Text;
using System.Text.Json;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Tests.Support;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Archive.Tests.Manifests;

public sealed class BaseContentsCodecTests
{
    private static readonly BaseContents Sound = new()
    {
        Parts =
        [
            new ArchivePart("data/000001.tink", ArchivePart.Tar, null, 0, 1024, TestManifests.Hash),
            new ArchivePart("data/000002.tink", ArchivePart.Slice, "global/pg_control", 0, 8192, TestManifests.Hash),
        ],
        Directories = [new BaseEntry("base", "0700"), new BaseEntry("base/5", "0750"), new BaseEntry("global", "0700"), new BaseEntry("pg_tblspc", "0700"), new BaseEntry("pg_tblspc/16384", "0700")],
        FileMode = "0600",
        Files = [new BaseEntry("server.key", "0400")],
        Tablespaces = [new BaseTablespace(16384, "/disk one/fast", 8192)],
    };

    public static TheoryData<string, BaseContents> Violations => new()
    {
        { "directory", Sound with { Directories = [.. Sound.Directories, new BaseEntry("../out", "0700")] } },
        { "directory", Sound with { Directories = [.. Sound.Directories, new BaseEntry("/etc", "0700")] } },
        { "directory", Sound with { Directories = [.. Sound.Directories, new BaseEntry("a/b", "0700")] } },
        { "directory", Sound with { Directories = [.. Sound.Directories, new BaseEntry("base", "0700")] } },
        { "directory", Sound with { Directories = [.. Sound.Directories, new BaseEntry("c", "4755")] } },
        { "file's path or mode", Sound with { FileMode = "rw" } },
        { "file's path or mode", Sound with { Files = [new BaseEntry("../x", "0600")] } },
        { "no directory", Sound with { Directories = [new BaseEntry("base", "0700")] } },
        { "no directory", Sound with { Directories = [.. Sound.Directories, new BaseEntry("global/pg_control", "0700")] } },
        { "pg_control", Sound with { Parts = [Sound.Parts[0]] } },
        { "tablespace", Sound with { Tablespaces = [Sound.Tablespaces[0], Sound.Tablespaces[0]] } },
        { "tablespace", Sound with { Tablespaces = [Sound.Tablespaces[0] with { Oid = 16385 }] } },
        { "tablespace", Sound with { Tablespaces = [Sound.Tablespaces[0] with { Location = "fast" }] } },
        { "tablespace", Sound with { Tablespaces = [Sound.Tablespaces[0] with { Location = "/disk/../etc" }] } },
        { "tablespace", Sound with { Tablespaces = [Sound.Tablespaces[0] with { Location = "/" }] } },
        { "tablespace", Sound with { Tablespaces = [Sound.Tablespaces[0] with { Size = -1 }] } },
        { "layout, path", Sound with { Parts = [Sound.Parts[1], Sound.Parts[0] with { Layout = ArchivePart.Slice, Path = "../x" }] } },
    };

    [Fact]
    public async Task Codec_SoundContents_AreReadAsTheyWere()
    {
        using var stream = new MemoryStream();
        await BaseContentsCodec.WriteAsync(Sound, stream, CancellationToken.None);
        stream.Position = 0;

        var read = await BaseContentsCodec.ReadAsync(stream, CancellationToken.None);

        read.Parts.ShouldBe(Sound.Parts);
        read.Directories.ShouldBe(Sound.Directories);
        read.Files.ShouldBe(Sound.Files);
        read.FileMode.ShouldBe("0600");
        read.Tablespaces.ShouldBe(Sound.Tablespaces);
    }

    [Theory]
    [MemberData(nameof(Violations))]
    public async Task Codec_WhatWouldLeadOutsideOrBeMissing_IsNeitherWrittenNorRead(string cause, BaseContents contents)
    {
        (await Should.ThrowAsync<InvalidOperationException>(() => BaseContentsCodec.WriteAsync(contents, Stream.Null, CancellationToken.None))).Message.ShouldContain(cause);

        var failure = await ReadAsync(JsonSerializer.Serialize(contents, ContractJson.Options));
        failure.Code.ShouldBe(ErrorCodes.ObjectDamaged);
        failure.Message.ShouldContain(cause);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"parts\": null}")]
    public async Task Read_WhatIsNone_IsRefused(string json) => (await ReadAsync(json)).Code.ShouldBe(ErrorCodes.ObjectDamaged);

    private static Task<ArchiveException> ReadAsync(string json) =>
        Should.ThrowAsync<ArchiveException>(BaseContentsCodec.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(json)), CancellationToken.None));
}

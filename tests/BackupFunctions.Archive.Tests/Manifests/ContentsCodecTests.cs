using System.Text;
using System.Text.Json;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Tests.Support;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Archive.Tests.Manifests;

public class ContentsCodecTests
{
    public static TheoryData<string, BackupContents> Violations => new()
    {
        { "object name", TestContents.Create(TestContents.Tar("../x")) },
        { "share one object", TestContents.Create(TestContents.Tar("a"), TestContents.Tar("a")) },
        { "layout", TestContents.Create(TestContents.Tar("a") with { Layout = "zip" }) },
        { "layout", TestContents.Create(TestContents.Tar("a") with { Path = "x" }) },
        { "layout", TestContents.Create(TestContents.Tar("a") with { Offset = 1 }) },
        { "layout", TestContents.Create(TestContents.Slice("a", null, 0)) },
        { "layout", TestContents.Create(TestContents.Slice("a", "../x", 0)) },
        { "layout", TestContents.Create(TestContents.Slice("a", "/etc/passwd", 0)) },
        { "layout", TestContents.Create(TestContents.Slice("a", "x\\y", 0)) },
        { "layout", TestContents.Create(TestContents.Slice("a", "x\0", 0)) },
        { "layout", TestContents.Create(TestContents.Slice("a", "x", -1)) },
        { "size or hash", TestContents.Create(TestContents.Slice("a", "x", 0, -1)) },
        { "size or hash", TestContents.Create(TestContents.Tar("a") with { PlainSha256 = "" }) },
        { "gap", TestContents.Create(TestContents.Slice("a", "x", 5)) },
        { "gap", TestContents.Create(TestContents.Slice("a", "x", 0), TestContents.Slice("b", "x", 11)) },
        { "gap", TestContents.Create(TestContents.Slice("a", "x", 0), TestContents.Slice("b", "x", 9)) },
        { "gap", TestContents.Create(TestContents.Slice("a", "x", 0, long.MaxValue), TestContents.Slice("b", "x", long.MaxValue)) },
    };

    [Fact]
    public async Task Read_WhatWasWritten_GivesTheSameContents()
    {
        var contents = TestContents.Create(
            TestContents.Tar("data/000001.tink"),
            TestContents.Slice("data/000003.tink", "3456.dat", 10, 0),
            TestContents.Slice("data/000002.tink", "3456.dat", 0),
            TestContents.Slice("data/000004.tink", "base/1/1234", 0));
        using var stream = new MemoryStream();
        await ContentsCodec.WriteAsync(contents, stream, CancellationToken.None);
        stream.Position = 0;

        var read = await ContentsCodec.ReadAsync(stream, CancellationToken.None);

        JsonSerializer.Serialize(read, ContractJson.Options).ShouldBe(JsonSerializer.Serialize(contents, ContractJson.Options));
    }

    [Theory]
    [MemberData(nameof(Violations))]
    public async Task Codec_PartsThatDoNotFit_AreNeitherWrittenNorRead(string cause, BackupContents contents)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(contents, ContractJson.Options);

        (await Should.ThrowAsync<InvalidOperationException>(() => ContentsCodec.WriteAsync(contents, Stream.Null, CancellationToken.None)))
            .Message.ShouldContain(cause);
        var failure = await Should.ThrowAsync<ArchiveException>(ReadAsync(json));
        failure.Code.ShouldBe(ErrorCodes.ObjectDamaged);
        failure.Message.ShouldContain(cause);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"parts\": null}")]
    public async Task Read_NotContents_IsDamaged(string json) =>
        (await Should.ThrowAsync<ArchiveException>(ReadAsync(Encoding.UTF8.GetBytes(json)))).Code.ShouldBe(ErrorCodes.ObjectDamaged);

    private static Task<BackupContents> ReadAsync(byte[] json) =>
        ContentsCodec.ReadAsync(new MemoryStream(json), CancellationToken.None).AsTask();
}

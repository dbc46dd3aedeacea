using System.Text.Json;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Tests.Support;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Archive.Tests.Manifests;

public sealed class StatementCodecTests : IDisposable
{
    private readonly SigningKey _signer = TestKeys.SigningKey;

    public static TheoryData<string, Func<Statement, Statement>> Violations => new()
    {
        { "cluster", statement => statement with { Cluster = "A" } },
        { "backup id", statement => statement with { BackupId = "x" } },
        { "hash", statement => statement with { ManifestSha256 = "x" } },
        { "recipients", statement => statement with { Kind = StatementKind.Rewrapped } },
        { "recipients", statement => statement with { Recipients = [new KeyEnvelope("rsa", TestManifests.Hash, "RSA-OAEP-256", "AAAA", null)] } },
        {
            "key id",
            statement => statement with { Kind = StatementKind.Rewrapped, Recipients = [new KeyEnvelope("rsa", "x", "RSA-OAEP-256", "AAAA", null)] }
        },
        { "kind", statement => statement with { Kind = (StatementKind)99 } },
        { "keep", statement => statement with { Kind = StatementKind.Verified, KeepUntil = DateTimeOffset.UnixEpoch } },
    };

    public void Dispose() => _signer.Dispose();

    [Theory]
    [InlineData(StatementKind.Verified)]
    [InlineData(StatementKind.Proven)]
    [InlineData(StatementKind.Quarantined)]
    [InlineData(StatementKind.Deleted)]
    [InlineData(StatementKind.Tombstoned)]
    [InlineData(StatementKind.DeletionStarted)]
    public void Read_WhatWasWritten_GivesTheSameStatement(StatementKind kind)
    {
        var statement = Create() with { Kind = kind, Copies = ["local", "r2"], Detail = "all well" };
        var (json, signature) = StatementCodec.Write(statement, _signer);

        var read = StatementCodec.Read(json, signature, TestKeys.Pinned, statement.BackupId);

        JsonSerializer.Serialize(read, ContractJson.Options).ShouldBe(JsonSerializer.Serialize(statement, ContractJson.Options));
    }

    [Fact]
    public void Read_ReadsNoManifest_AndManifestCodecReadsNoStatement()
    {
        var (statement, statementSignature) = StatementCodec.Write(Create(), _signer);
        var (manifest, manifestSignature) = ManifestCodec.Write(TestManifests.Create(_signer), _signer);

        Should.Throw<ArchiveException>(() => StatementCodec.Read(manifest, manifestSignature, TestKeys.Pinned)).Code.ShouldBe(ErrorCodes.FormatUnknown);
        Should.Throw<ArchiveException>(() => ManifestCodec.Read(statement, statementSignature, TestKeys.Pinned)).Code.ShouldBe(ErrorCodes.FormatUnknown);
    }

    [Fact]
    public void Read_Rewrapped_GivesItsRecipients()
    {
        var statement = Create() with
        {
            Kind = StatementKind.Rewrapped,
            Recipients = [new KeyEnvelope("rsa", TestManifests.Hash, "RSA-OAEP-256", "AAAA", null)],
        };
        var (json, signature) = StatementCodec.Write(statement, _signer);

        StatementCodec.Read(json, signature, TestKeys.Pinned).Recipients.ShouldBe(statement.Recipients);
    }

    [Fact]
    public void Read_FlippedOrMoved_IsAltered()
    {
        var (json, signature) = StatementCodec.Write(Create(), _signer);

        Should.Throw<ArchiveException>(() => StatementCodec.Read(Bytes.Flipped(json, 30), signature, TestKeys.Pinned))
            .Code.ShouldBe(ErrorCodes.ManifestAltered);
        Should.Throw<ArchiveException>(() => StatementCodec.Read(json, signature, TestKeys.Pinned, "20261122T020000123Z-00000000"))
            .Message.ShouldContain("belongs to backup");
    }

    [Theory]
    [MemberData(nameof(Violations))]
    public void Codec_RuleBroken_IsNeitherWrittenNorRead(string cause, Func<Statement, Statement> change)
    {
        var statement = change(Create());
        var json = JsonSerializer.SerializeToUtf8Bytes(statement, ContractJson.Indented);

        Should.Throw<InvalidOperationException>(() => StatementCodec.Write(statement, _signer)).Message.ShouldContain(cause);
        Should.Throw<ArchiveException>(() => StatementCodec.Read(json, _signer.Sign(json), TestKeys.Pinned)).Code
            .ShouldBeOneOf(ErrorCodes.ManifestAltered, ErrorCodes.FormatUnknown);
    }

    private Statement Create() => new()
    {
        Format = Statement.CurrentFormat,
        BackupId = TestManifests.BackupId,
        Cluster = TestManifests.Cluster,
        Kind = StatementKind.Verified,
        At = new DateTimeOffset(2026, 11, 21, 3, 0, 0, TimeSpan.Zero),
        ManifestSha256 = TestManifests.Hash,
        SignedBy = _signer.KeyId,
    };
}

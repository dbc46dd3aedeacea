using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Tests.Support;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Archive.Tests.Manifests;

public sealed class ManifestCodecTests : IDisposable
{
    private readonly SigningKey _signer = TestKeys.SigningKey;

    public void Dispose() => _signer.Dispose();

    [Fact]
    public void Read_WhatWasWritten_GivesTheSameManifest()
    {
        var manifest = TestManifests.Create(_signer) with { PreviousManifestSha256 = TestManifests.Hash, Parents = [TestManifests.BackupId] };
        var (json, signature) = ManifestCodec.Write(manifest, _signer);

        var read = ManifestCodec.Read(json, signature, TestKeys.Pinned, TestManifests.Cluster, TestManifests.BackupId);

        JsonSerializer.Serialize(read, ContractJson.Options).ShouldBe(JsonSerializer.Serialize(manifest, ContractJson.Options));
        Encoding.UTF8.GetString(json).ShouldContain("\n  \"database\": \"Größe\"");
    }

    [Fact]
    public void Read_BytesFlippedThroughout_IsAlteredOrOfAnotherSigner_NeverAccepted()
    {
        var (json, signature) = ManifestCodec.Write(TestManifests.Create(_signer), _signer);
        var signedBy = Encoding.UTF8.GetString(json).IndexOf(_signer.KeyId, StringComparison.Ordinal);
        for (var position = 0; position < json.Length; position += 7)
        {
            var failure = Should.Throw<ArchiveException>(() => ManifestCodec.Read(Bytes.Flipped(json, position), signature, TestKeys.Pinned));
            failure.Code.ShouldBeOneOf(ErrorCodes.ManifestAltered, ErrorCodes.SignerUnknown);
            if (position < signedBy - 40)
            {
                failure.Code.ShouldBe(ErrorCodes.ManifestAltered, $"byte {position}");
            }
        }
    }

    [Fact]
    public void Read_SignatureFlippedOrShortOrEmpty_IsAltered()
    {
        var (json, signature) = ManifestCodec.Write(TestManifests.Create(_signer), _signer);
        for (var position = 0; position < signature.Length; position++)
        {
            ShouldFail(json, Bytes.Flipped(signature, position), ErrorCodes.ManifestAltered);
            ShouldFail(json, signature[..position], ErrorCodes.ManifestAltered);
        }
    }

    [Fact]
    public void Read_SignedByAKeyThatIsNotPinned_NamesItsId()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var stranger = SigningKey.FromPem(other.ExportPkcs8PrivateKeyPem());
        var (json, signature) = ManifestCodec.Write(TestManifests.Create(stranger), stranger);

        ShouldFail(json, signature, ErrorCodes.SignerUnknown).Message.ShouldContain(stranger.KeyId);
    }

    [Fact]
    public void Read_StrangerClaimsThePinnedKey_IsAltered()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var stranger = SigningKey.FromPem(other.ExportPkcs8PrivateKeyPem());
        var (json, _) = ManifestCodec.Write(TestManifests.Create(_signer), _signer);

        ShouldFail(json, stranger.Sign(json), ErrorCodes.ManifestAltered);
    }

    [Fact]
    public void Read_OneOfSeveralPinnedKeys_IsAccepted_ButNotUnderTheOthersName()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var second = SigningKey.FromPem(other.ExportPkcs8PrivateKeyPem());
        var both = VerificationKeyRing.FromPems(_signer.PublicPem, second.PublicPem);
        var (json, signature) = ManifestCodec.Write(TestManifests.Create(second), second);

        ManifestCodec.Read(json, signature, both).SignedBy.ShouldBe(second.KeyId);
        Should.Throw<ArchiveException>(() => ManifestCodec.Read(json, _signer.Sign(json), both)).Message.ShouldContain("another signer");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"signed_by\": 7}")]
    [InlineData("{\"signed_by\": \"\\uD800\"}")]
    [InlineData("\u0000\u0001")]
    public void Read_HostileBytesWithoutSignature_IsAltered(string json) =>
        ShouldFail(Encoding.UTF8.GetBytes(json), [], ErrorCodes.ManifestAltered);

    [Fact]
    public void Read_DeeplyNestedBytesWithoutSignature_IsAltered() =>
        ShouldFail(Encoding.UTF8.GetBytes(new string('[', 100_000)), [], ErrorCodes.ManifestAltered);

    [Fact]
    public void Read_TooLarge_IsRefusedBeforeAnythingElse() =>
        ShouldFail(new byte[ManifestCodec.LargestSize + 1], [], ErrorCodes.ManifestAltered).Message.ShouldContain("more than any manifest");

    [Theory]
    [InlineData("{\"format\": \"pgdr-manifest/2\", \"new\": true}", "pgdr-manifest/2")]
    [InlineData("{}", "none")]
    [InlineData("[]", "none")]
    [InlineData("not json", "does not read")]
    [InlineData("{\"format\": \"pgdr-manifest/1\"}", "does not read")]
    [InlineData("{\"format\": \"pgdr-manifest/1\", \"format\": \"pgdr-manifest/1\"}", "does not read")]
    public void Read_SignedButOfAnotherVersion_IsUnknownFormat(string json, string cause)
    {
        var bytes = Encoding.UTF8.GetBytes(json);

        ShouldFail(bytes, _signer.Sign(bytes), ErrorCodes.FormatUnknown).Message.ShouldContain(cause);
    }

    [Fact]
    public void Read_SignedWithNullWhereAListBelongs_IsUnknownFormat()
    {
        var (json, _) = ManifestCodec.Write(TestManifests.Create(_signer) with { Parents = [] }, _signer);
        var bytes = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json).Replace("\"parents\": []", "\"parents\": null", StringComparison.Ordinal));

        ShouldFail(bytes, _signer.Sign(bytes), ErrorCodes.FormatUnknown);
    }

    [Fact]
    public void Read_ManifestMovedToAnotherBackupOrCluster_IsAltered()
    {
        var (json, signature) = ManifestCodec.Write(TestManifests.Create(_signer), _signer);

        Should.Throw<ArchiveException>(() => ManifestCodec.Read(json, signature, TestKeys.Pinned, backupId: "20261122T020000123Z-00000000"))
            .Message.ShouldContain("belongs to backup");
        Should.Throw<ArchiveException>(() => ManifestCodec.Read(json, signature, TestKeys.Pinned, cluster: "other"))
            .Message.ShouldContain("belongs to cluster");
    }

    [Fact]
    public void Write_NotTheSigner_Refuses() =>
        Should.Throw<InvalidOperationException>(
            () => ManifestCodec.Write(TestManifests.Create(_signer) with { SignedBy = TestManifests.Hash }, _signer));

    private static ArchiveException ShouldFail(byte[] json, byte[] signature, string code)
    {
        var failure = Should.Throw<ArchiveException>(() => ManifestCodec.Read(json, signature, TestKeys.Pinned));
        failure.Code.ShouldBe(code);
        return failure;
    }
}

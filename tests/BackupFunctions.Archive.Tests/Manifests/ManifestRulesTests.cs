using System.Text.Json;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Tests.Support;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Archive.Tests.Manifests;

public sealed class ManifestRulesTests : IDisposable
{
    private readonly SigningKey _signer = TestKeys.SigningKey;

    public static TheoryData<string, Func<Manifest, Manifest>> Violations => new()
    {
        { "cluster", manifest => manifest with { Cluster = "../main" } },
        { "backup id", manifest => manifest with { BackupId = "latest" } },
        { "compression", manifest => manifest with { Compression = "lz4" } },
        { "encryption", manifest => manifest with { Encryption = "none" } },
        { "no recipients", manifest => manifest with { Recipients = [] } },
        { "key id", manifest => manifest with { Recipients = [manifest.Recipients[0] with { KeyId = "AB" }] } },
        { "base64", manifest => manifest with { Recipients = [manifest.Recipients[0] with { WrappedKey = "?" }] } },
        { "base64", manifest => manifest with { Recipients = [manifest.Recipients[0] with { WrappedKey = "" }] } },
        { "type or algorithm", manifest => manifest with { Recipients = [manifest.Recipients[0] with { Type = "" }] } },
        { "sequence", manifest => manifest with { Sequence = 0 } },
        { "previous manifest", manifest => manifest with { PreviousManifestSha256 = "x" } },
        { "parent", manifest => manifest with { Parents = ["../x"] } },
        { "plain size", manifest => manifest with { PlainSize = -1 } },
        { "stored size", manifest => manifest with { StoredSize = manifest.StoredSize + 1 } },
        { "twice", manifest => WithObjects(manifest, [manifest.Objects[0], manifest.Objects[1], manifest.Objects[1]]) },
        { "exactly one contents", manifest => WithObjects(manifest, [manifest.Objects[1]]) },
        { "exactly one contents", manifest => WithObjects(manifest, [manifest.Objects[0], TestManifests.Object("more.tink", "contents")]) },
        { "role", manifest => WithData(manifest, item => item with { Role = "other" }) },
        { "negative", manifest => WithData(manifest, item => item with { Size = -1 }) },
        { "SHA-256", manifest => WithData(manifest, item => item with { Sha256 = new string('g', 64) }) },
        { "SHA-256", manifest => WithData(manifest, item => item with { Sha256 = item.Sha256.ToUpperInvariant() }) },
        { "exceed", manifest => WithObjects(manifest, [.. manifest.Objects, TestManifests.Object("data/2.tink", "data", long.MaxValue)]) },
        { "associated data", manifest => WithData(manifest, item => item with { Aad = manifest.Objects[0].Aad }) },
        { "associated data", manifest => WithData(manifest, item => item with { Aad = item.Aad.Replace("-9f3c01ab", "-00000000", StringComparison.Ordinal) }) },
        { "associated data", manifest => WithData(manifest, item => item with { Aad = item.Aad + "x" }) },
        { "not allowed", manifest => WithData(manifest, item => item with { Name = "data/../../etc/passwd" }) },
        { "kind", manifest => manifest with { Kind = BackupKind.Base } },
        { "kind", manifest => manifest with { Base = TestManifests.Facts } },
        { "names", manifest => manifest with { Kind = BackupKind.Configuration } },
        { "names", manifest => manifest with { ConfigurationOf = "main" } },
        { "not of one database", manifest => manifest with { Kind = BackupKind.Configuration, ConfigurationOf = "main" } },
        { "tenant", manifest => manifest with { Kind = BackupKind.Tenant } },
        { "tenant", manifest => manifest with { Tenant = Tenant("acme") } },
        { "no name", manifest => manifest with { Kind = BackupKind.Tenant, Tenant = Tenant(" ") } },
        { "no parent", manifest => Base(manifest) with { Kind = BackupKind.Incremental } },
        { "has a parent", manifest => Base(manifest) with { Parents = ["20261120T020000123Z-9f3c01ab"] } },
        { "server's files", manifest => WithObjects(manifest, [.. manifest.Objects, TestManifests.Object("backup_manifest.tink", "backup-manifest")]) },
        { "server's files", manifest => WithObjects(Base(manifest), manifest.Objects) },
        { "one database", manifest => Base(manifest) with { Database = "shop" } },
        { "system identifier", manifest => Base(manifest) with { Server = manifest.Server with { SystemIdentifier = null } } },
        { "system identifier", manifest => Base(manifest) with { Server = manifest.Server with { SystemIdentifier = "../1" } } },
        { "timelines", manifest => Base(manifest) with { Base = TestManifests.Facts with { Timeline = 0 } } },
        { "timelines", manifest => Base(manifest) with { Base = TestManifests.Facts with { StopTimeline = 2 } } },
        { "positions", manifest => Base(manifest) with { Base = TestManifests.Facts with { StopLsn = TestManifests.Facts.StartLsn } } },
        { "positions", manifest => Base(manifest) with { Base = TestManifests.Facts with { StartLsn = "x" } } },
        { "segment size", manifest => Base(manifest) with { Base = TestManifests.Facts with { WalSegmentSize = 3 << 20 } } },
    };

    /// <summary>Nulls are left out when written: what must be there is missing.</summary>
    public static TheoryData<string, Func<Manifest, Manifest>> Omissions => new()
    {
        { "base64", manifest => manifest with { Recipients = [manifest.Recipients[0] with { WrappedKey = null! }] } },
        { "type or algorithm", manifest => manifest with { Recipients = [manifest.Recipients[0] with { Algorithm = null! }] } },
        { "associated data", manifest => WithData(manifest, item => item with { Aad = null! }) },
        { "not allowed", manifest => WithData(manifest, item => item with { Name = null! }) },
        { "SHA-256", manifest => WithData(manifest, item => item with { Sha256 = null! }) },
    };

    public void Dispose() => _signer.Dispose();

    [Fact]
    public void Codec_AnIncrementalBackup_IsWrittenAndRead()
    {
        var document = ManifestCodec.Write(
            Base(TestManifests.Create(_signer)) with { Kind = BackupKind.Incremental, Parents = ["20261120T020000123Z-9f3c01ab"] }, _signer);

        JsonSerializer.Deserialize<Manifest>(document.Json, ContractJson.Options)!.Parents.ShouldBe(["20261120T020000123Z-9f3c01ab"]);
    }

    [Fact]
    public void Codec_ABaseBackup_IsWrittenAndRead()
    {
        var document = ManifestCodec.Write(Base(TestManifests.Create(_signer)), _signer);

        JsonSerializer.Deserialize<Manifest>(document.Json, ContractJson.Options)!.Base.ShouldNotBeNull().StopLsn.ShouldBe(TestManifests.Facts.StopLsn);
    }

    [Theory]
    [MemberData(nameof(Violations))]
    public void Codec_RuleBroken_IsNeitherWrittenNorRead(string cause, Func<Manifest, Manifest> change)
    {
        var manifest = change(TestManifests.Create(_signer));
        var json = JsonSerializer.SerializeToUtf8Bytes(manifest, ContractJson.Indented);

        Should.Throw<InvalidOperationException>(() => ManifestCodec.Write(manifest, _signer)).Message.ShouldContain(cause);
        var failure = Should.Throw<ArchiveException>(() => ManifestCodec.Read(json, _signer.Sign(json), TestKeys.Pinned));
        failure.Code.ShouldBe(ErrorCodes.ManifestAltered);
        failure.Message.ShouldContain(cause);
    }

    [Theory]
    [MemberData(nameof(Omissions))]
    public void Codec_MemberMissing_IsNeitherWrittenNorRead(string cause, Func<Manifest, Manifest> change)
    {
        var manifest = change(TestManifests.Create(_signer));
        var json = JsonSerializer.SerializeToUtf8Bytes(manifest, ContractJson.Indented);

        Should.Throw<InvalidOperationException>(() => ManifestCodec.Write(manifest, _signer)).Message.ShouldContain(cause);
        Should.Throw<ArchiveException>(() => ManifestCodec.Read(json, _signer.Sign(json), TestKeys.Pinned)).Code.ShouldBe(ErrorCodes.FormatUnknown);
    }

    [Theory]
    [InlineData("data/000001.tink", true)]
    [InlineData("contents.tink", true)]
    [InlineData("a", true)]
    [InlineData("", false)]
    [InlineData("/data/1", false)]
    [InlineData("data/", false)]
    [InlineData("data//1", false)]
    [InlineData("../x", false)]
    [InlineData("data/../x", false)]
    [InlineData("data/..", false)]
    [InlineData(".", false)]
    [InlineData("data/.hidden", false)]
    [InlineData("data\\1", false)]
    [InlineData("c:data", false)]
    [InlineData("data/1\0", false)]
    [InlineData("data/1\n", false)]
    [InlineData("%2e%2e/x", false)]
    [InlineData("data/%2e", false)]
    [InlineData("Data/1", false)]
    [InlineData("data/ö", false)]
    [InlineData("nul", false)]
    [InlineData("data/con.tink", false)]
    [InlineData("data/com1", false)]
    [InlineData("data/console.tink", true)]
    public void ObjectNames_AnyName_IsJudged(string name, bool valid) => ObjectNames.IsValid(name).ShouldBe(valid);

    [Fact]
    public void ObjectNames_Length_IsLimited()
    {
        ObjectNames.IsValid(new string('a', 200)).ShouldBeTrue();
        ObjectNames.IsValid(new string('a', 201)).ShouldBeFalse();
        ObjectNames.IsValid(new string('a', 4096)).ShouldBeFalse();
        ObjectNames.IsValid(null).ShouldBeFalse();
    }

    private static TenantFacts Tenant(string id) => new() { Id = id, Mode = TenantMode.Column, Scan = new TenantScan(1, 0, 0, 0) };

    private static Manifest Base(Manifest manifest) => WithObjects(
        manifest with { Kind = BackupKind.Base, Base = TestManifests.Facts, Database = string.Empty },
        [.. manifest.Objects, TestManifests.Object("backup_manifest.tink", "backup-manifest")]);

    private static Manifest WithObjects(Manifest manifest, IReadOnlyList<ManifestObject> objects) =>
        manifest with { Objects = objects, StoredSize = unchecked(objects.Sum(item => item.Size > 1_000_000 ? 0 : item.Size)) };

    private static Manifest WithData(Manifest manifest, Func<ManifestObject, ManifestObject> change) =>
        WithObjects(manifest, [manifest.Objects[0], change(manifest.Objects[1])]);
}

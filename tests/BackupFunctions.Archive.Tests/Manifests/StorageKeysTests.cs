using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Tests.Support;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Archive.Tests.Manifests;

public class StorageKeysTests
{
    private const string Id = TestManifests.BackupId;

    [Fact]
    public void Keys_FollowTheLayout()
    {
        StorageKeys.Backups("main").ShouldBe("main/backups/");
        StorageKeys.Backup("main", Id).ShouldBe($"main/backups/{Id}/");
        StorageKeys.Manifest("main", Id).ShouldBe($"main/backups/{Id}/manifest.json");
        StorageKeys.ManifestSignature("main", Id).ShouldBe($"main/backups/{Id}/manifest.sig");
        StorageKeys.Object("main", Id, ObjectNames.Contents).ShouldBe($"main/backups/{Id}/contents.tink");
        StorageKeys.Object("main", Id, ObjectNames.Data(1)).ShouldBe($"main/backups/{Id}/data/000001.tink");
        StorageKeys.Statements("main", Id).ShouldBe($"main/statements/{Id}/");
        StorageKeys.RecoveryKit("README.md").ShouldBe("recovery-kit/README.md");
    }

    [Fact]
    public void Statement_KeyHoldsTimeInUtcAndKind()
    {
        var statement = new Statement
        {
            Format = Statement.CurrentFormat,
            BackupId = Id,
            Cluster = "main",
            Kind = StatementKind.Proven,
            At = new DateTimeOffset(2026, 11, 22, 5, 0, 0, TimeSpan.FromHours(2)),
            ManifestSha256 = TestManifests.Hash,
            SignedBy = TestManifests.Hash,
        };

        StorageKeys.Statement(statement).ShouldBe($"main/statements/{Id}/20261122T030000000Z-proven.json");
        StorageKeys.StatementSignature(statement).ShouldBe($"main/statements/{Id}/20261122T030000000Z-proven.sig");
    }

    [Theory]
    [InlineData("")]
    [InlineData("Main")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("a b")]
    [InlineData("main\n")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void Cluster_NotAName_Refuses(string cluster) =>
        Should.Throw<ArchiveException>(() => StorageKeys.Manifest(cluster, Id)).Code.ShouldBe(ErrorCodes.InvalidSettings);

    [Fact]
    public void IdOrObject_NotValid_Refuses()
    {
        Should.Throw<ArgumentException>(() => StorageKeys.Manifest("main", "../other"));
        Should.Throw<ArgumentException>(() => StorageKeys.Statements("main", ""));
        Should.Throw<ArgumentException>(() => StorageKeys.Object("main", Id, "../manifest.json"));
        Should.Throw<ArgumentOutOfRangeException>(() => ObjectNames.Data(0));
    }

    [Theory]
    [InlineData("pgdr:v1:main:20261121T020000123Z-9f3c01ab:contents.tink:1", true)]
    [InlineData("pgdr:v1:main:20261121T020000123Z-9f3c01ab:contents.tink:12", true)]
    [InlineData("pgdr:v1:main:20261121T020000123Z-9f3c01ab:contents.tink:0", false)]
    [InlineData("pgdr:v1:main:20261121T020000123Z-9f3c01ab:contents.tink:", false)]
    [InlineData("pgdr:v1:main:20261121T020000123Z-9f3c01ab:contents.tink:1\n", false)]
    [InlineData("pgdr:v2:main:20261121T020000123Z-9f3c01ab:contents.tink:1", false)]
    [InlineData("", false)]
    public void Aad_AnyText_IsJudged(string aad, bool valid)
    {
        ArchiveAad.Matches(aad, "main", Id, ObjectNames.Contents).ShouldBe(valid);
        ArchiveAad.Matches(ArchiveAad.ForObject("main", Id, ObjectNames.Contents, 3), "main", Id, ObjectNames.Contents).ShouldBeTrue();
    }
}

using BackupFunctions.Archive.Keys;
using BackupFunctions.Catalog.Sources;
using BackupFunctions.Catalog.Tests.Support;
using BackupFunctions.Contracts;
using BackupFunctions.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Catalog.Tests.Sources;

public sealed class CatalogSourceTests(TestKeys keys) : IClassFixture<TestKeys>
{
    [Fact]
    public void Create_TargetsOfTheSettings_KeepTheirNamesAndReadingOrder()
    {
        var settings = Read(
            ("LOCAL_BACKUP_PATH", "/var/backups/pgdr"),
            ("R2_BUCKET", "dr"), ("R2_ACCOUNT_ID", "0123abcd"), ("R2_ACCESS_KEY", "k"), ("R2_SECRET_KEY", "s"),
            ("STORAGE_ORDER", "local,r2"));

        StorageTargets.Create(settings, NullLoggerFactory.Instance).Select(target => target.Name).ShouldBe(["local", "r2"]);
    }

    [Fact]
    public void Create_NoTarget_SaysWhichSettings() =>
        Should.Throw<PgdrException>(() => StorageTargets.Create(Read(), NullLoggerFactory.Instance)).Message.ShouldContain("LOCAL_BACKUP_PATH");

    [Fact]
    public async Task Create_Catalog_ReadsTheClusterOfTheSettings()
    {
        using var fixture = new CatalogFixture(keys);
        fixture.PutBackup(Documents.Id(21), "a");
        var catalog = CatalogSource.Create(
            Read(("LOCAL_BACKUP_PATH", fixture.PathOf("a", string.Empty)), ("BACKUP_VERIFY_KEY_PATHS", keys.PathOf(KeyFiles.SigningPublic))),
            NullLoggerFactory.Instance);

        (await catalog.ListAsync(CancellationToken.None)).Backups.ShouldHaveSingleItem().BackupId.ShouldBe(Documents.Id(21));
    }

    [Fact]
    public void Create_EveryKindOfTarget_IsBuilt()
    {
        var settings = Read(
            ("Targets:folder:Type", "local"), ("Targets:folder:Path", "/var/backups/pgdr"),
            ("Targets:bucket:Type", "s3"), ("Targets:bucket:Endpoint", "http://ceph:7480"), ("Targets:bucket:Bucket", "dr"),
            ("Targets:bucket:AccessKey", "k"), ("Targets:bucket:SecretKey", "s"), ("Targets:bucket:Profile", "ceph"),
            ("Targets:blob:Type", "azure-blob"), ("Targets:blob:Endpoint", "https://account.blob.core.windows.net"), ("Targets:blob:Container", "dr"));

        StorageTargets.Create(settings, NullLoggerFactory.Instance).Select(target => target.GetType().Name)
            .ShouldBe(["AzureBlobTarget", "S3Target", "LocalTarget"]);
    }

    [Fact]
    public void Create_UnknownProfile_NamesTheOnesThereAre()
    {
        var settings = Read(
            ("Targets:bucket:Type", "s3"), ("Targets:bucket:Endpoint", "http://ceph:7480"), ("Targets:bucket:Bucket", "dr"),
            ("Targets:bucket:AccessKey", "k"), ("Targets:bucket:SecretKey", "s"), ("Targets:bucket:Profile", "minio"));

        Should.Throw<PgdrException>(() => StorageTargets.Create(settings, NullLoggerFactory.Instance)).Message
            .ShouldContain("Targets:bucket:Profile is not usable: choose one of generic, aws, r2, b2, ceph");
    }

    [Fact]
    public void Create_OneContainerUnderTwoSasUrls_IsRefusedWithoutShowingThem()
    {
        var settings = Read(
            ("Targets:one:Type", "azure-blob"), ("Targets:one:SasUrl", "https://account.blob.core.windows.net/dr?sig=canary1"),
            ("Targets:two:Type", "azure-blob"), ("Targets:two:SasUrl", "https://account.blob.core.windows.net/dr?sig=canary2"));

        var message = Should.Throw<PgdrException>(() => StorageTargets.Create(settings, NullLoggerFactory.Instance)).Message;

        message.ShouldContain("'one' and 'two' store at the same place");
        message.ShouldNotContain("canary");
    }

    private static BackupSettings Read(params (string Name, string Value)[] values) => SettingsReader.Read(
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Name, (string?)value.Value))).Build());
}

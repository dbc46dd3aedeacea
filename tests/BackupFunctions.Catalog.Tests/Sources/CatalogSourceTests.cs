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

    private static BackupSettings Read(params (string Name, string Value)[] values) => SettingsReader.Read(
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Name, (string?)value.Value))).Build());
}

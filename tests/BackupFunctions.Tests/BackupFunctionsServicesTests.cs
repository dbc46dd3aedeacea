using BackupFunctions.Catalog;
using BackupFunctions.Contracts;
using BackupFunctions.JobRunners.LocalProcess;
using BackupFunctions.Settings;
using BackupFunctions.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Tests;

[Collection(StateServerCollection.Name)]
public sealed class BackupFunctionsServicesTests(StateServer server)
{
    [Fact]
    public async Task Jobs_GetFoldersAndSettingsFile_NotValues()
    {
        await using var host = await AppHost.StartAsync(server, (SettingsLoader.FileVariable, "some/settings.json"), ("Servers:main:Password", "canary"));

        var environment = host.Service<LocalProcessOptions>().Environment;

        environment.Keys.ShouldBe(["RUN_STORE_PATH", "WORK_PATH", SettingsReader.HostCatalog, SettingsLoader.FileVariable], ignoreOrder: true);
        environment[SettingsReader.HostCatalog].ShouldNotContain("Password");
        environment["RUN_STORE_PATH"].ShouldBe(host.Service<BackupSettings>().RunStorePath);
        environment[SettingsLoader.FileVariable].ShouldBe(Path.GetFullPath("some/settings.json"));
    }

    [Fact]
    public async Task Schedules_NotConfigured_AreAtNight()
    {
        await using var host = await AppHost.StartAsync(server);

        host.Service<IConfiguration>()["FULL_BACKUP_SCHEDULE"].ShouldBe("0 0 2 * * *");
        host.Service<IConfiguration>()["TARGET_CHECK_SCHEDULE"].ShouldBe("0 30 1 * * *");
        host.Service<IConfiguration>()["INTEGRITY_CHECK_SCHEDULE"].ShouldBe("0 15 * * * *");
        host.Service<IConfiguration>()["CATALOG_SYNC_SCHEDULE"].ShouldBe("0 */5 * * * *");
    }

    [Fact]
    public async Task Catalog_NoVerificationKey_IsRefusedWithTheSetting()
    {
        await using var host = await AppHost.StartAsync(server);

        var refusal = Should.Throw<PgdrException>(() => host.Service<Lazy<StorageCatalog>>().Value);

        refusal.Code.ShouldBe(ErrorCodes.KeyMissing);
        refusal.Message.ShouldContain("BACKUP_VERIFY_KEY_PATHS");
    }
}

using System.Text;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Configuration;
using BackupFunctions.Jobs.Restore;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Configuration;

[Collection(ServerCollection.Name)]
public sealed class ConfigurationBackupJobTests(ServerFixture fixture) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Configuration_OfASuperuser_HasAllThereIs()
    {
        var name = await fixture.NewDatabaseAsync("create extension hstore");
        await fixture.Server.ExecuteAsync($"alter database {name} set work_mem = '7MB'; create role conf_group; create role conf_member login password 'x' in role conf_group");
        File.WriteAllText(_folder["app.ini"], "api_key = config-canary\n");
        using var site = fixture.NewSite(name);
        site.Site.Settings["CONFIGURATION_FILES"] = _folder["*.ini"];

        var backup = await BackUpAsync(site);

        backup.Status.ShouldBe(BackupStatus.Verified);
        backup.Missing.ShouldBeEmpty();
        var extracted = await ExtractAsync(site, backup.BackupId);
        Directory.EnumerateFiles(extracted, "*", SearchOption.AllDirectories).Count().ShouldBe(backup.Items);
        var settings = await File.ReadAllLinesAsync(Path.Combine(extracted, "server/settings.txt"));
        settings.ShouldContain(line => line.StartsWith("shared_buffers = '8192' x 8kB  # configuration file, ", StringComparison.Ordinal) && line.Contains("postgresql.conf:", StringComparison.Ordinal));
        settings.ShouldNotContain(line => line.StartsWith("application_name = 'pgdr'", StringComparison.Ordinal));
        (await File.ReadAllTextAsync(Path.Combine(extracted, "server/file-settings.txt"))).ShouldContain("fsync = 'off'  # applied");
        var data = fixture.Server.DataFolder;
        foreach (var file in new[] { "postgresql.conf", "pg_hba.conf", "pg_ident.conf" })
        {
            (await File.ReadAllBytesAsync($"{extracted}/server/files{data}/{file}")).ShouldBe(await File.ReadAllBytesAsync(Path.Combine(data, file)));
        }

        var roles = await File.ReadAllTextAsync(Path.Combine(extracted, "roles/globals.sql"));
        roles.ShouldContain("GRANT conf_group TO conf_member");
        roles.ShouldNotContain("SCRAM-SHA-256");
        var databases = await File.ReadAllTextAsync(Path.Combine(extracted, "databases.json"));
        databases.ShouldContain("hstore 1.8 in public");
        databases.ShouldContain("7MB");
        (await File.ReadAllTextAsync($"{extracted}/files{_folder["app.ini"]}")).ShouldContain("config-canary");
        File.GetUnixFileMode(Path.Combine(extracted, "databases.json")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        foreach (var file in site.FilesAnywhere())
        {
            (await File.ReadAllBytesAsync(file)).AsSpan().IndexOf("config-canary"u8).ShouldBe(-1, file);
        }
    }

    [Fact]
    public async Task Configuration_WithPasswordsAskedFor_HasTheirHashes()
    {
        await fixture.Server.ExecuteAsync("create role conf_login login password 'x'");
        using var site = fixture.NewSite(ServerFixture.Invoices);
        site.Site.Settings["CONFIGURATION_ROLE_PASSWORDS"] = "true";

        var extracted = await ExtractAsync(site, (await BackUpAsync(site)).BackupId);

        (await File.ReadAllLinesAsync(Path.Combine(extracted, "roles/globals.sql"))).ShouldContain(line =>
            line.StartsWith("ALTER ROLE conf_login", StringComparison.Ordinal) && line.Contains("SCRAM-SHA-256", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Configuration_OfAnOrdinaryRole_NamesWhatItCouldNotRead()
    {
        await fixture.Server.ExecuteAsync($"create role conf_reader login password '{PostgresServer.SuperuserPassword}'");
        using var site = fixture.NewSite(ServerFixture.Invoices);
        site.Site.Settings["Servers__main__Username"] = "conf_reader";

        var backup = await BackUpAsync(site);

        backup.Status.ShouldBe(BackupStatus.Verified);
        backup.Missing.ShouldContain(sentence => sentence.Contains("GRANT pg_read_all_settings TO \"conf_reader\";", StringComparison.Ordinal));
        backup.Missing.ShouldContain(sentence => sentence.Contains("GRANT SELECT ON pg_file_settings TO \"conf_reader\";", StringComparison.Ordinal));
        backup.Missing.ShouldContain(sentence => sentence.Contains("GRANT SELECT ON pg_hba_file_rules", StringComparison.Ordinal));
        site.Reporter.Warnings.ShouldBe(backup.Missing, ignoreOrder: true);
        (await ReadAsync(site, backup.BackupId, "databases.json")).ShouldContain(ServerFixture.Invoices);
    }

    [Fact]
    public async Task Configuration_OfTheRoleOfTheSetupScript_HasTheRulesByTheirViews()
    {
        await fixture.Server.ExecuteAsync(
            $"""
            create role conf_backup login password '{PostgresServer.SuperuserPassword}'; grant pg_monitor to conf_backup;
            grant select on pg_file_settings, pg_hba_file_rules, pg_ident_file_mappings to conf_backup;
            grant execute on function pg_show_all_file_settings(), pg_hba_file_rules(), pg_ident_file_mappings() to conf_backup
            """);
        using var site = fixture.NewSite(ServerFixture.Invoices);
        site.Site.Settings["Servers__main__Username"] = "conf_backup";

        var backup = await BackUpAsync(site);

        backup.Missing.ShouldHaveSingleItem().ShouldContain("postgresql.conf");
        (await ReadAsync(site, backup.BackupId, "server/hba-rules.txt")).ShouldContain("scram-sha-256");
        (await ReadAsync(site, backup.BackupId, "server/settings.txt")).ShouldContain("postgresql.conf:");
    }

    [Fact]
    public async Task Configuration_OfFilesThatAreNotTaken_NamesEach()
    {
        Directory.CreateDirectory(_folder["app"]);
        await File.WriteAllTextAsync(_folder["outside"], "not this");
        await File.WriteAllTextAsync(_folder["app/inside"], "this");
        File.CreateSymbolicLink(_folder["app/out.link"], _folder["outside"]);
        File.CreateSymbolicLink(_folder["app/in.link"], _folder["app/inside"]);
        File.CreateSymbolicLink(_folder["app/dead.link"], _folder["app/absent"]);
        await File.WriteAllBytesAsync(_folder["app/large"], new byte[(1 << 20) + 1]);
        using var site = fixture.NewSite(ServerFixture.Invoices);
        site.Site.Settings["CONFIGURATION_FILES"] = $"{_folder["app"]}/*;{_folder["absent.ini"]}";

        var backup = await BackUpAsync(site);

        backup.Missing.Count.ShouldBe(4);
        backup.Missing.ShouldContain(sentence => sentence.Contains("out.link is a link that leads out", StringComparison.Ordinal));
        backup.Missing.ShouldContain(sentence => sentence.Contains("dead.link cannot be read", StringComparison.Ordinal));
        backup.Missing.ShouldContain(sentence => sentence.Contains("large has more than 1 MiB", StringComparison.Ordinal));
        backup.Missing.ShouldContain(sentence => sentence.StartsWith($"No file is called {_folder["absent.ini"]}", StringComparison.Ordinal));
        var files = Path.Combine(await ExtractAsync(site, backup.BackupId), "files" + _folder["app"]);
        Directory.EnumerateFiles(files).Select(Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe(["in.link", "inside"]);
    }

    [Fact]
    public async Task Extract_IntoAFolderThatHasFiles_Refuses()
    {
        using var site = fixture.NewSite(ServerFixture.Invoices);
        var backup = await BackUpAsync(site);
        await File.WriteAllTextAsync(_folder["mine"], "x");

        (await Should.ThrowAsync<PgdrException>(() => ExtractAsync(site, backup.BackupId, _folder.Path))).Code.ShouldBe(ErrorCodes.InvalidSettings);
    }

    [Fact]
    public async Task Backups_OfTheOtherKind_AreRefused()
    {
        using var site = fixture.NewSite(ServerFixture.Invoices);
        var configuration = await BackUpAsync(site);
        var full = await site.BackUpAsync(ServerFixture.Invoices);

        (await Should.ThrowAsync<PgdrException>(() => ExtractAsync(site, full.BackupId))).Message.ShouldContain("not a configuration");
        (await Should.ThrowAsync<PgdrException>(() => site.SelectAsync(ServerFixture.Invoices, configuration.BackupId))).Message.ShouldContain("configuration of server main");
        (await site.SelectAsync(ServerFixture.Invoices)).BackupId.ShouldBe(full.BackupId);
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("/etc/evil")]
    [InlineData("a/../../evil")]
    [InlineData("a//b")]
    public async Task Extract_OfAPathThatLeadsOut_Refuses(string path)
    {
        using var tar = new MemoryStream();
        await using (var writer = new ConfigurationTar(tar, DateTimeOffset.UnixEpoch))
        {
            await writer.AddAsync(path, Encoding.UTF8.GetBytes("x"), default);
        }

        tar.Position = 0;

        (await Should.ThrowAsync<PgdrException>(() => new ConfigurationFolder(_folder["new"]).ExtractAsync(tar, default))).Code.ShouldBe(ErrorCodes.ObjectDamaged);

        Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    private static Task<ConfigurationBackupResult> BackUpAsync(JobSite site) =>
        new ConfigurationBackupJob(site.Environment, Path.Combine(site.Site.RunStore, "run", "state")).RunAsync(new ConfigurationBackupParameters("main", "test"), default);

    private static async Task<string> ExtractAsync(JobSite site, string backupId, string? folder = null)
    {
        folder ??= Path.Combine(site.Site.Folder, "extracted", Guid.NewGuid().ToString("N"));
        using var reader = BackupReader.FromSettings(site.Environment);
        await new StoredConfiguration(site.Environment, reader).ExtractAsync(backupId, folder, default);
        return folder;
    }

    private static async Task<string> ReadAsync(JobSite site, string backupId, string path) =>
        await File.ReadAllTextAsync(Path.Combine(await ExtractAsync(site, backupId), path));
}

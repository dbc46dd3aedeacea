using System.Text;
using BackupFunctions.Contracts;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.Postgres.Restore;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Swap;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Restore;

[Collection(ServerCollection.Name)]
public sealed class RestoreDatabaseJobTests(ServerFixture fixture)
{
    private const string Database = ServerFixture.Invoices;

    [Fact]
    public async Task Restore_AfterARunThatWasKilled_BeginsWithANewScratchDatabaseAndTheOldOneIsGone()
    {
        var (site, backupId) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;
        await site.FetchAsync(backupId);
        var server = new ServerConnection
        {
            Name = "main", Host = "127.0.0.1", Port = fixture.Server.Port, Username = "postgres", Password = PostgresServer.SuperuserPassword,
        };
        var properties = (await DatabasePropertiesReader.ReadAsync(server, Database, CancellationToken.None))!;
        var old = await ScratchDatabase.CreateAsync(server, site.RestoreId, properties, CancellationToken.None);
        await fixture.Server.ExecuteAsync("create table half (a int)", old.Name);

        var restored = await site.RestoreAsync(backupId);

        restored.ScratchOid.ShouldNotBe(old.Oid);
        (await fixture.Server.ScalarAsync<long>($"select count(*) from pg_database where oid = {old.Oid}")).ShouldBe(0);
        (await fixture.Server.ScalarAsync<string>("select to_regclass('half')::text", restored.ScratchDatabase)).ShouldBeNull();
    }

    [Theory]
    [InlineData("restore")]
    [InlineData("compare")]
    public async Task Restore_Cancelled_LeavesNoScratchDatabase(string phase)
    {
        var (site, backupId) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;
        await site.FetchAsync(backupId);
        using var cancellation = new CancellationTokenSource();
        site.Reporter.OnPhase = begun =>
        {
            if (begun == phase)
            {
                cancellation.Cancel();
            }
        };

        await Should.ThrowAsync<OperationCanceledException>(() => site.RestoreAsync(backupId, cancellationToken: cancellation.Token));

        (await ScratchesAsync(site)).ShouldBe(0);
    }

    [Fact]
    public async Task Restore_RowsDifferFromTheBackup_FailsLeavesNoScratchAndTheLiveDatabaseAlone()
    {
        var (site, backupId) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;
        await site.FetchAsync(backupId);
        var file = Directory.EnumerateFiles(Path.Combine(site.Site.WorkFolder, "restores", site.RestoreId, "dump"))
            .Single(file => File.ReadAllText(file, Encoding.Latin1).Contains("row-canary-77", StringComparison.Ordinal) && file.EndsWith(".dat", StringComparison.Ordinal));
        File.WriteAllText(file, File.ReadAllText(file, Encoding.Latin1).Replace("row-canary-77", "row-canary-78", StringComparison.Ordinal), Encoding.Latin1);

        (await site.RestoreAsync(backupId).ShouldFailWithAsync(ErrorCodes.VerificationFailed)).ShouldContain("payroll_secret_table");

        (await ScratchesAsync(site)).ShouldBe(0);
        (await fixture.Server.ScalarAsync<long>("select count(*) from payroll_secret_table where note = 'row-canary-77'", Database)).ShouldBe(1);
    }

    [Fact]
    public async Task Restore_TargetsAreAwayByThen_SucceedsWithAWarningThatTheProofIsNotStored()
    {
        var (site, backupId) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;
        await site.FetchAsync(backupId);
        foreach (var target in site.Targets!)
        {
            target.FailCreate = _ => new IOException("away");
        }

        (await site.RestoreAsync(backupId)).Rows.ShouldBe(88100);

        site.Reporter.Warnings.ShouldContain(warning => warning.StartsWith("The proof of this backup could not be written", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Restore_WithoutASigningKey_SucceedsAndProvesNothing()
    {
        var (site, backupId) = await fixture.NewSiteWithBackupAsync();
        using var disposed = site;
        await site.FetchAsync(backupId);
        site.Site.Settings.Remove("BACKUP_SIGNING_KEY_PATH");

        (await site.RestoreAsync(backupId)).Rows.ShouldBe(88100);

        site.FilesAnywhere("*-proven.json").ShouldBeEmpty();
    }

    private async Task<long> ScratchesAsync(JobSite site) =>
        await fixture.Server.ScalarAsync<long>($"select count(*) from pg_database where datname = 'pgdr_{site.RestoreId}'");
}

using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Tenants;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Tenants;

public sealed class TenantRunLogTests : IDisposable
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Open_AfterACrashThatCutALine_KnowsTheOthersAndGoesOn()
    {
        using (var log = Open("run"))
        {
            log.Add(Backup("a"));
            log.Add(Backup("b\n新"));
        }

        var file = Directory.EnumerateFiles(_folder["tenants"]).ShouldHaveSingleItem();
        File.AppendAllText(file, "{\"tenant\":\"c\",\"backup_id\":\"2026");
        using (var log = Open("run"))
        {
            log.Before.Keys.ShouldBe(["a", "b\n新"], ignoreOrder: true);
            log.Add(Backup("d"));
        }

        using var last = Open("run");
        last.Before.Keys.ShouldBe(["a", "b\n新", "d"], ignoreOrder: true);
        last.Before["a"].MissingCopies.ShouldBe(["b2"]);
        (last.Before["a"] with { MissingCopies = [] }).ShouldBe(Backup("a") with { MissingCopies = [] });
    }

    [Fact]
    public void Open_AnotherRunOrDatabase_KnowsNothing()
    {
        using (var log = Open("run"))
        {
            log.Add(Backup("a"));
        }

        using var other = Open("other");
        other.Before.ShouldBeEmpty();
        using var database = TenantRunLog.Open(_folder.Path, "main", "other", "run", Now);
        database.Before.ShouldBeEmpty();
    }

    [Fact]
    public void Open_LongAfterARun_RemovesItsLog()
    {
        Open("run").Dispose();

        TenantRunLog.Open(_folder.Path, "main", "shop", "later", Now.AddDays(31)).Dispose();

        Directory.EnumerateFiles(_folder["tenants"]).ShouldHaveSingleItem();
    }

    [Fact]
    public void Open_RunAtWorkAlready_IsRefused()
    {
        using var log = Open("run");

        var refusal = Should.Throw<PgdrException>(() => Open("run"));
        refusal.Code.ShouldBe(ErrorCodes.TenantRunBusy);
        refusal.Message.ShouldBe("Another job works on run 'run' of tenants at this moment: wait for its end, or cancel it.");
    }

    [Fact]
    public void Open_FolderThatCannotBeUsed_IsExplained()
    {
        File.WriteAllText(_folder["tenants"], "not a folder");

        Should.Throw<PgdrException>(() => Open("run")).Message.ShouldContain("RUN_STORE_PATH");
    }

    public void Dispose() => _folder.Dispose();

    private TenantRunLog Open(string run) => TenantRunLog.Open(_folder.Path, "main", "shop", run, Now);

    private static TenantBackup Backup(string tenant) => new(tenant, "20261122T030000123Z-9f3c01ab", BackupStatus.Verified, StatusReason: null, 200, 250, 100, ["b2"]);
}

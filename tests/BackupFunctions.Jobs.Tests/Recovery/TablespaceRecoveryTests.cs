using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Recovery;
using BackupFunctions.Jobs.Restore;
using BackupFunctions.Jobs.Restore.Physical;
using BackupFunctions.Jobs.Restore.Physical.Tablespaces;
using BackupFunctions.Jobs.Tests.Support;

namespace BackupFunctions.Jobs.Tests.Recovery;

public sealed class TablespaceRecoveryTests(SpaciousServer fixture) : IClassFixture<SpaciousServer>
{
    [Fact]
    public async Task Recover_WithAMap_RowsOfEveryTablespaceAreThereAndTheOldPlacesAreLeft()
    {
        var (directory, map) = (fixture.NewPath(), NewMap());

        var recovered = await fixture.RecoverAsync(directory, map);

        recovered.Tablespaces.ShouldBe([map[fixture.Locations[0]], map[fixture.Locations[1]]]);
        Directory.GetFileSystemEntries(Path.Combine(directory, "pg_tblspc")).Select(link => new FileInfo(link).LinkTarget).ShouldBe(map.Values, ignoreOrder: true);
        await using (var server = await RecoveredServer.StartAsync(fixture.Site.Server.Binaries, directory))
        {
            (await server.RowsAsync(SpaciousServer.Rows)).ShouldBe(SpaciousServer.Expected);
            (await server.RowsAsync("select count(distinct v)::text from large")).ShouldBe(["20000"]);
            (await server.RowsAsync("select pg_tablespace_location(oid) from pg_tablespace where spcname !~ '^pg_'")).ShouldBe(map.Values, ignoreOrder: true);
        }

        (await fixture.Site.Server.ScalarAsync<long>("select (select count(*) from one) + (select count(*) from two) + (select count(*) from main)")).ShouldBe(6);
    }

    [Fact]
    public void BackUp_FurtherTablespaces_IsVerifiedAndStagesNothingAfterwards()
    {
        fixture.Base.Status.ShouldBe(BackupStatus.Verified, fixture.Base.StatusReason);
        Directory.EnumerateFileSystemEntries(Path.Combine(fixture.Site.Jobs.Environment.Settings.WorkPath, "bases")).ShouldBeEmpty();
    }

    private Dictionary<string, string> NewMap() => fixture.Locations.ToDictionary(old => old, _ => fixture.NewPath(), StringComparer.Ordinal);
}

using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Restore;
using BackupFunctions.Postgres.Swap;

namespace BackupFunctions.Postgres.Tests.Swap;

[Collection(ServerCollection.Name)]
public sealed class RollBackTests(ServerFixture fixture)
{
    [Fact]
    public async Task RollBack_OfASwap_GivesTheOldDatabaseItsNameAndKeepsTheRecoveredOne()
    {
        var live = await SwappedAsync();
        var before = await PropertiesAsync(live);
        var kept = (await KeptAsync(live)).ShouldHaveSingleItem();
        await using var session = await fixture.Server.OpenAsync(live);

        var outcome = await DatabaseSwap.RollBackAsync(fixture.Connection, fixture.NewName("back"), kept, default);

        outcome.EndedSessions.ShouldBe(1);
        (await OriginAsync(live)).ShouldBe("old");
        var after = await PropertiesAsync(live);
        (after with { Acl = null, Settings = [] }).ShouldBe(before with { Acl = null, Settings = [] });
        after.Settings.ShouldBe(before.Settings, ignoreOrder: true);
        var recovered = (await KeptAsync(live)).ShouldHaveSingleItem();
        recovered.Name.ShouldBe(outcome.KeptDatabase);
        (await PropertiesAsync(recovered.Name)).AllowConnections.ShouldBeFalse();
    }

    [Fact]
    public async Task RollBack_OfARollBack_BringsTheRecoveredDatabaseBack()
    {
        var live = await SwappedAsync();
        await RollBackAsync(live);

        await RollBackAsync(live);

        (await OriginAsync(live)).ShouldBe("restored");
    }

    [Fact]
    public async Task RollBack_RunAgainAfterItWasDone_ChangesNothing()
    {
        var live = await SwappedAsync();
        var kept = (await KeptAsync(live)).Single();
        var id = fixture.NewName("back");
        var first = await DatabaseSwap.RollBackAsync(fixture.Connection, id, kept, default);

        var again = await DatabaseSwap.RollBackAsync(fixture.Connection, id, kept, default);

        again.KeptDatabase.ShouldBe(first.KeptDatabase);
        (await OriginAsync(live)).ShouldBe("old");
    }

    [Fact]
    public async Task RollBack_WhenTheRecoveredDatabaseIsGone_TakesTheOldPropertiesAndKeepsNothing()
    {
        var live = await SwappedAsync();
        await fixture.Server.ExecuteAsync($"drop database {ServerFixture.Quote(live)}");

        var outcome = await RollBackAsync(live);

        outcome.KeptDatabase.ShouldBeNull();
        (await OriginAsync(live)).ShouldBe("old");
        (await PropertiesAsync(live)).ConnectionLimit.ShouldBe(33);
        (await PropertiesAsync(live)).Comment.ShouldBe("mine");
    }

    [Fact]
    public async Task RollBack_OfADatabaseThatIsNoLongerMarked_IsRefusedAndLeavesTheLiveOneOpen()
    {
        var live = await SwappedAsync();
        var kept = (await KeptAsync(live)).Single();
        await fixture.Server.ExecuteAsync($"comment on database {ServerFixture.Quote(kept.Name)} is 'of somebody else'");

        var failure = await Should.ThrowAsync<PgdrException>(
            () => DatabaseSwap.RollBackAsync(fixture.Connection, fixture.NewName("back"), kept, default));

        failure.Code.ShouldBe(ErrorCodes.SwapBlocked);
        (await OriginAsync(live)).ShouldBe("restored");
    }

    [Fact]
    public async Task List_WithScratchAndForeignDatabases_FindsOnlyWhatWasKeptForThisName()
    {
        var live = await SwappedAsync();
        await SwappedAsync();
        await ScratchDatabase.CreateAsync(fixture.Connection, fixture.NewName("scratch"), await PropertiesAsync(live), default);

        var kept = (await KeptAsync(live)).ShouldHaveSingleItem();

        kept.Database.ShouldBe(live);
        kept.Bytes.ShouldBeGreaterThan(0);
    }

    private async Task<string> SwappedAsync()
    {
        var live = await fixture.NewDatabaseAsync("create table origin (v text); insert into origin values ('old')", fixture.NewName("Live \"'"));
        var name = ServerFixture.Quote(live);
        await fixture.Server.ExecuteAsync(
            $"alter database {name} connection limit 33; comment on database {name} is 'mine'; alter database {name} set work_mem = '7MB'");
        var restoreId = fixture.NewName("restore");
        var properties = await PropertiesAsync(live);
        var scratch = await ScratchDatabase.CreateAsync(fixture.Connection, restoreId, properties, default);
        await fixture.Server.ExecuteAsync("create table origin (v text); insert into origin values ('restored')", scratch.Name);
        await DatabaseSwap.RunAsync(fixture.Connection, restoreId, scratch.Name, scratch.Oid, live, properties, default);
        return live;
    }

    private async Task<SwapOutcome> RollBackAsync(string live) => await DatabaseSwap.RollBackAsync(
        fixture.Connection, fixture.NewName("back"), (await KeptAsync(live)).Single(), default);

    private Task<IReadOnlyList<KeptDatabase>> KeptAsync(string live) => KeptDatabases.ListAsync(fixture.Connection, live, default);

    private async Task<DatabaseProperties> PropertiesAsync(string name) =>
        (await DatabasePropertiesReader.ReadAsync(fixture.Connection, name, default)).ShouldNotBeNull();

    private Task<string> OriginAsync(string live) => fixture.Server.ScalarAsync<string>("select v from origin", live)!;
}

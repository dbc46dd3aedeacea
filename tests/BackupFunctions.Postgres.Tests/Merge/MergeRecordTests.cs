using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Postgres.Merge;
using BackupFunctions.Postgres.Swap;

namespace BackupFunctions.Postgres.Tests.Merge;

/// <summary>A run that was killed behind its commit begins again: rows that were changed since are not written over.</summary>
[Collection(ServerCollection.Name)]
public sealed class MergeRecordTests(ServerFixture fixture)
{
    private const string Sql = "create table t (a int primary key, b text);";

    [Fact]
    public async Task Merge_RunAgain_IsDoneOnceAndSaysTheSame()
    {
        var (into, from) = await MakeAsync();
        var request = new MergeRequest { Live = into, Backup = from, Policy = MergePolicy.Overwrite, Apply = true };
        var first = await RunAsync(request);
        await fixture.Server.ExecuteAsync("update t set b = 'changed since' where a = 1; delete from t where a = 2", into);

        var second = await RunAsync(request);

        (first.Applied, second.Applied).ShouldBe((true, true));
        second.Tables.ShouldBe(first.Tables);
        (await RowsAsync(into)).ShouldBe("1changed since");
        (await RunAsync(request with { Apply = false })).Tables.ShouldHaveSingleItem().ShouldBe(new MergeTableResult("public.t", 1, 1, 0, 0, 0));
    }

    [Fact]
    public async Task Merge_OfAnotherRestoredDatabase_IsAMergeOfItsOwn()
    {
        var (into, from) = await MakeAsync();
        var request = new MergeRequest { Live = into, Backup = from, Policy = MergePolicy.Overwrite, Apply = true };
        await RunAsync(request);
        await fixture.Server.ExecuteAsync("update t set b = 'changed since'", into);

        await RunAsync(request with { Backup = (await MakeAsync()).From });

        (await RowsAsync(into)).ShouldBe("1old,2old");
    }

    [Fact]
    public async Task Merge_ThatIsRefused_LeavesNoRecord()
    {
        var (into, from) = await MakeAsync();
        await fixture.Server.ExecuteAsync("alter table t add constraint c unique (b); insert into t values (9, 'old')", into);
        var request = new MergeRequest { Live = into, Backup = from, Policy = MergePolicy.Overwrite, Apply = true };

        (await RunAsync(request)).Applied.ShouldBeFalse();

        (await MarkerAsync(from))!.Merged.ShouldBeNull();
        await fixture.Server.ExecuteAsync("alter table t drop constraint c", into);
        (await RunAsync(request)).Applied.ShouldBeTrue();
        (await MarkerAsync(from))!.Merged!.ShouldHaveSingleItem().Applied.ShouldBeTrue();
    }

    private async Task<(string Into, string From)> MakeAsync()
    {
        var into = await fixture.NewDatabaseAsync(Sql + "insert into t values (1, 'live')");
        var from = await fixture.NewDatabaseAsync(Sql + "insert into t values (1, 'old'), (2, 'old')");
        await fixture.Server.ExecuteAsync($"comment on database {from} is '{new DatabaseMarker(DatabaseMarker.Scratch, "1", into).ToComment()}'");
        return (into, from);
    }

    private async Task<DatabaseMarker?> MarkerAsync(string database) =>
        DatabaseMarker.Read(await fixture.Server.ScalarAsync<string>($"select shobj_description(oid, 'pg_database') from pg_database where datname = '{database}'"));

    private Task<MergeResult> RunAsync(MergeRequest request) => DatabaseMerge.RunAsync(fixture.Connection, request, progress: null, CancellationToken.None);

    private Task<string?> RowsAsync(string database) => fixture.Server.ScalarAsync<string>("select string_agg(a || b, ',' order by a) from t", database);
}

using System.Globalization;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Postgres.Merge;
using FsCheck;
using FsCheck.Fluent;
using Npgsql;

namespace BackupFunctions.Postgres.Tests.Merge;

/// <summary>Random edits of the live database; what a merge makes of it is what a model of four dictionaries says, and a second one changes nothing.</summary>
[Collection(ServerCollection.Name)]
public sealed class MergePropertyTests(ServerFixture fixture)
{
    [Fact]
    public void Merge_RandomEdits_ResultEqualsModel() => Run(12);

    [Fact]
    [Trait("Category", "Slow")]
    public void Merge_ManyRandomEdits_ResultEqualsModel() => Run(200);

    internal void Run(int cases)
    {
        var backup = fixture.NewDatabaseAsync(MergeShop.Sql).GetAwaiter().GetResult();
        var live = fixture.NewDatabaseAsync().GetAwaiter().GetResult();
        using var session = fixture.Server.OpenAsync(live).GetAwaiter().GetResult();
        using var theirs = fixture.Server.OpenAsync(backup).GetAwaiter().GetResult();
        var rows = MergeShop.ReadAsync(theirs).GetAwaiter().GetResult();
        var edits = Gen.Choose(0, 60).SelectMany(static count => Gen.ArrayOf(Gen.Choose(0, int.MaxValue - 1), count));
        var property = Prop.ForAll(Arb.From(edits), each =>
        {
            foreach (var policy in Enum.GetValues<MergePolicy>().Skip(cases > 50 ? 0 : each.Length % 3).Take(cases > 50 ? 3 : 1))
            {
                CheckAsync(session, new MergeRequest { Live = live, Backup = backup, Policy = policy, NewestColumn = "changed" }, rows, each).GetAwaiter().GetResult();
            }
        });
        property.Check(Config.QuickThrowOnFailure.WithMaxTest(cases).WithReplay(new Replay(new Rnd(4711, 17), null)));
    }

    private async Task CheckAsync(NpgsqlConnection live, MergeRequest request, SortedDictionary<string, (int? Changed, string Row)> theirs, int[] edits)
    {
        await MergeShop.ExecuteAsync(live, MergeShop.Reset + string.Concat(edits.Select(MergeShop.Edit)) + MergeShop.Alarm);
        var before = await MergeShop.ReadAsync(live);
        var expected = MergeShop.Merge(before, theirs, request.Policy);

        var planned = await RunAsync(request);
        (await MergeShop.ReadAsync(live)).ShouldBe(before);
        var applied = await RunAsync(request with { Apply = true });

        applied.Blockers.ShouldBeEmpty();
        applied.Applied.ShouldBeTrue();
        applied.Tables.ShouldBe(planned.Tables);
        (await MergeShop.ReadAsync(live)).ShouldBe(expected, string.Create(CultureInfo.InvariantCulture, $"{request.Policy}"));
        applied.Tables.Sum(static table => table.Add + table.OnlyLive + table.Change + table.Conflicting + table.Same).ShouldBe(expected.Count);
        var again = await RunAsync(request with { Apply = true });
        again.Tables.Sum(static table => table.Add + table.Change).ShouldBe(0);
        (await MergeShop.ReadAsync(live)).ShouldBe(expected);
        await MergeShop.ExecuteAsync(live, MergeShop.InsertAnywhere);
    }

    private Task<MergeResult> RunAsync(MergeRequest request) => DatabaseMerge.RunAsync(fixture.Connection, request, progress: null, CancellationToken.None);
}

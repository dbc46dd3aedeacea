using System.Globalization;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Postgres.Merge;
using FsCheck;
using FsCheck.Fluent;

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
        var edits = Gen.Choose(0, 60).SelectMany(static count => Gen.ArrayOf(Gen.Choose(0, int.MaxValue - 1), count));
        var property = Prop.ForAll(Arb.From(edits), each =>
        {
            foreach (var policy in Enum.GetValues<MergePolicy>().Skip(cases > 50 ? 0 : each.Length % 3).Take(cases > 50 ? 3 : 1))
            {
                CheckAsync(live, backup, each, policy).GetAwaiter().GetResult();
            }
        });
        property.Check(Config.QuickThrowOnFailure.WithMaxTest(cases).WithReplay(new Replay(new Rnd(4711, 17), null)));
    }

    private async Task CheckAsync(string live, string backup, int[] edits, MergePolicy policy)
    {
        await fixture.Server.ExecuteAsync(MergeShop.Reset + string.Concat(edits.Select(MergeShop.Edit)) + MergeShop.Alarm, live);
        var theirs = await MergeShop.ReadAsync(fixture.Server, backup);
        var before = await MergeShop.ReadAsync(fixture.Server, live);
        var expected = MergeShop.Merge(before, theirs, policy);
        var request = new MergeRequest { Live = live, Backup = backup, Policy = policy, NewestColumn = "changed" };

        var planned = await DatabaseMerge.RunAsync(fixture.Connection, request, progress: null, CancellationToken.None);
        (await MergeShop.ReadAsync(fixture.Server, live)).ShouldBe(before);
        var applied = await DatabaseMerge.RunAsync(fixture.Connection, request with { Apply = true }, progress: null, CancellationToken.None);

        applied.Blockers.ShouldBeEmpty();
        applied.Applied.ShouldBeTrue();
        applied.Tables.ShouldBe(planned.Tables);
        (await MergeShop.ReadAsync(fixture.Server, live)).ShouldBe(expected, string.Create(CultureInfo.InvariantCulture, $"{policy}"));
        applied.Tables.Sum(static table => table.Add + table.OnlyLive + table.Change + table.Conflicting + table.Same).ShouldBe(expected.Count);
        var again = await DatabaseMerge.RunAsync(fixture.Connection, request with { Apply = true }, progress: null, CancellationToken.None);
        again.Tables.Sum(static table => table.Add + table.Change).ShouldBe(0);
        (await MergeShop.ReadAsync(fixture.Server, live)).ShouldBe(expected);
        await MergeShop.InsertAnywhereAsync(fixture.Server, live);
    }
}

using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Recovery;
using BackupFunctions.Jobs.Restore;
using BackupFunctions.Jobs.Wal;

namespace BackupFunctions.Jobs.Tests.Recovery;

/// <summary>Times behind the last transaction, windows, and log that has no inventories.</summary>
public sealed class CoveredTimeTests(LogSite site) : IClassFixture<LogSite>, IAsyncLifetime, IDisposable
{
    private static readonly string[] AllRows = ["1", "2", "3", "4", "5", "6"];

    private readonly CancellationTokenSource _patience = new(TimeSpan.FromMinutes(5));

    public Task InitializeAsync() => site.RestoreAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _patience.Dispose();

    [Fact]
    public async Task Recover_ToATimeBehindTheLastTransaction_NeedsAnInventoryThatCoversIt()
    {
        var time = TimeProvider.System.GetUtcNow().AddHours(1);
        var end = await EndAsync();
        await site.PutCoverageAsync(time + CoveredTime.Reserve - TimeSpan.FromMilliseconds(1), end);
        var failure = await Should.ThrowAsync<PgdrException>(() => RecoverAsync(parameters => parameters with { TargetTime = time }));
        await site.PutCoverageAsync(time + CoveredTime.Reserve, end);

        var recovered = await RecoverAsync(parameters => parameters with { TargetTime = time });

        failure.Code.ShouldBe(ErrorCodes.WalMissing);
        failure.Message.ShouldContain("no inventory says that it is complete until then");
        recovered.CompleteUntil.ShouldBe(time);
        recovered.LastCommitAt.ShouldNotBeNull();
        (await RowsAsync(recovered)).ShouldBe(AllRows);
        File.Exists(Path.Combine(recovered.DataDirectory, "standby.signal")).ShouldBeFalse("it was promoted");
    }

    [Fact]
    public async Task Recover_ToACoveredTimeWhoseLogIsGone_StaysAnError()
    {
        var time = TimeProvider.System.GetUtcNow().AddHours(1);
        await site.PutCoverageAsync(time.AddHours(1), await EndAsync());
        site.Remove((await site.Site.ObjectsAsync("a"))[^1].ToString());

        var failure = await Should.ThrowAsync<PgdrException>(() => RecoverAsync(parameters => parameters with { TargetTime = time }));

        failure.Code.ShouldBe(ErrorCodes.WalMissing);
        failure.Message.ShouldContain("is missing on every target");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Recover_ToThePointWhereAHoleBegins_EndsThere(bool byTime)
    {
        var time = TimeProvider.System.GetUtcNow().AddHours(1);
        await site.PutCoverageAsync(time.AddHours(1), site.MiddleStart);
        site.Remove(site.Middle);

        var recovered = await RecoverAsync(parameters => byTime
            ? parameters with { TargetTime = time }
            : parameters with { TargetLsn = Lsn.Format(site.MiddleStart) });

        Lsn.Parse(recovered.ReachedLsn).ShouldBe(site.MiddleStart);
        (await RowsAsync(recovered)).ShouldBe(AllRows[..^3]);
    }

    [Fact]
    public async Task Recover_LogOfBeforeInventories_EndsWhereItEnds()
    {
        site.Remove("inventory-");

        var recovered = await RecoverAsync(parameters => parameters);

        (await RowsAsync(recovered)).ShouldBe(AllRows);
    }

    [Fact]
    public async Task Status_WindowOfTheServer_GoesFromTheBaseToTheEndOfTheLog()
    {
        var time = new DateTimeOffset(2040, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var end = await EndAsync();
        await site.PutCoverageAsync(time, end);

        var status = await new WalStatusQuery(site.Site.Jobs.Environment).RunAsync(_patience.Token);

        status.Problems.ShouldBeEmpty();
        var server = status.Servers.ShouldHaveSingleItem();
        server.Holes.ShouldBeEmpty();
        var window = server.Windows.ShouldHaveSingleItem();
        (window.Timeline, window.LatestLsn, window.LatestAt).ShouldBe((1, Lsn.Format(end), time - CoveredTime.Reserve));
        Lsn.Parse(window.EarliestLsn).ShouldBeLessThan(site.MiddleStart);
        window.EarliestAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task Recover_OutOfTheWindow_NamesIt()
    {
        var behind = await Should.ThrowAsync<PgdrException>(() => RecoverAsync(parameters => parameters with { TargetLsn = "FF/0" }));
        var before = await Should.ThrowAsync<PgdrException>(() => RecoverAsync(parameters => parameters with { TargetLsn = "0/1000028" }));
        var earlier = await Should.ThrowAsync<PgdrException>(() => RecoverAsync(parameters => parameters with { TargetTime = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero) }));

        behind.Code.ShouldBe(ErrorCodes.WalMissing);
        behind.Message.ShouldContain($"lies behind the window of recovery, which goes from ");
        behind.Message.ShouldContain($" to {Lsn.Format(await EndAsync())}");
        before.Code.ShouldBe(ErrorCodes.BackupUnknown);
        before.Message.ShouldContain("It can be recovered from ");
        earlier.Code.ShouldBe(ErrorCodes.BackupUnknown);
        earlier.Message.ShouldContain("It can be recovered from ");
    }

    private async Task<ulong> EndAsync() => (await site.Site.ObjectsAsync("a")).Max(name => name.End ?? 0);

    private async Task<RecoverServerResult> RecoverAsync(Func<RecoverServerParameters, RecoverServerParameters> change)
    {
        var environment = site.Site.Jobs.Environment;
        using var reader = BackupReader.FromSettings(environment);
        var parameters = new RecoverServerParameters { Server = "main", DataDirectory = site.NewPath(), RequestedBy = "test" };
        return await new RecoverServerJob(environment, reader).RunAsync(change(parameters), _patience.Token);
    }

    private async Task<IReadOnlyList<string>> RowsAsync(RecoverServerResult recovered)
    {
        await using var server = await RecoveredServer.StartAsync(site.Site.Server.Binaries, recovered.DataDirectory);
        return await server.RowsAsync("select i::text from t order by i");
    }
}

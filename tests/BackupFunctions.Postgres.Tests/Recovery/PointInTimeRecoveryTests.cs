using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Recovery;
using BackupFunctions.Postgres.Servers;

namespace BackupFunctions.Postgres.Tests.Recovery;

public sealed class PointInTimeRecoveryTests(ArchivedServer site) : IClassFixture<ArchivedServer>, IDisposable
{
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromMinutes(2));

    public void Dispose() => _patience.Dispose();

    [Fact]
    public async Task Recover_ToTheEnd_HasEveryRowAndGoesOnOnItsOwn()
    {
        var archived = site.ArchivedSegments();
        await using var recovery = await PointInTimeRecovery.StartAsync(await site.NewRequestAsync(RecoveryTarget.Latest), _patience.Token);

        var reached = await ReachAsync(recovery);
        await recovery.PromoteAsync(TimeProvider.System, _patience.Token);

        reached.ReachedLsn.ShouldBeGreaterThanOrEqualTo(site.End);
        reached.Timeline.ShouldBe(1);
        (await RowsAsync(recovery)).ShouldBe([1, 2, 3, 4, 5, 6]);
        await using var connection = await recovery.Connection.OpenAsync("postgres", _patience.Token);
        (await connection.QueryAsync(
            "select name::text || '=' || setting from pg_settings where name in ('listen_addresses', 'archive_mode', 'primary_conninfo', 'max_logical_replication_workers') order by 1",
            static row => row.GetString(0), _patience.Token)).ShouldBe(["archive_mode=off", "listen_addresses=", "max_logical_replication_workers=0", "primary_conninfo="]);
        await connection.ExecuteAsync("insert into t(i) values (100); select pg_switch_wal(); checkpoint;", _patience.Token);
        site.ArchivedSegments().ShouldBe(archived, ignoreOrder: true);
    }

    [Theory]
    [InlineData("time", true, 3)]
    [InlineData("transaction", true, 3)]
    [InlineData("transaction", false, 2)]
    [InlineData("lsn", true, 3)]
    [InlineData("name", true, 3)]
    [InlineData("immediate", true, 0)]
    public async Task Recover_ToTheThirdRow_HasTheRowsBeforeAndNoOther(string by, bool inclusive, int rows)
    {
        var target = by switch
        {
            "time" => RecoveryTarget.At(site.CommittedAt[2], inclusive),
            "transaction" => new RecoveryTarget(RecoveryTargetKind.Transaction, site.Transactions[2], inclusive),
            "lsn" => new RecoveryTarget(RecoveryTargetKind.Lsn, site.Lsns[2], inclusive),
            "name" => new RecoveryTarget(RecoveryTargetKind.Name, "after 3", inclusive),
            _ => new RecoveryTarget(RecoveryTargetKind.Immediate),
        };
        await using var recovery = await PointInTimeRecovery.StartAsync(await site.NewRequestAsync(target), _patience.Token);

        var reached = await ReachAsync(recovery);
        await recovery.PromoteAsync(TimeProvider.System, _patience.Token);

        (await RowsAsync(recovery)).ShouldBe(Enumerable.Range(1, rows));
        reached.LastCommitAt?.ShouldBeLessThanOrEqualTo(site.CommittedAt[2]);
    }

    [Fact]
    public async Task Recover_ToATimeBehindTheLog_NamesTheNewestPoint()
    {
        await using var recovery = await PointInTimeRecovery.StartAsync(
            await site.NewRequestAsync(RecoveryTarget.At(site.CommittedAt[5].AddHours(1))), _patience.Token);

        var failure = await Should.ThrowAsync<PgdrException>(() => ReachAsync(recovery));

        failure.Code.ShouldBe(ErrorCodes.WalMissing);
        failure.Message.ShouldContain("the newest point that can be reached is");
        var committed = failure.Message.Split("committed at ")[1].Split(';')[0];
        DateTimeOffset.Parse(committed, System.Globalization.CultureInfo.InvariantCulture).ShouldBeInRange(site.CommittedAt[4], site.CommittedAt[5]);
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("zeroed")]
    public async Task Recover_ASegmentInTheMiddleIsNotWhatItWas_IsAnErrorAndNoShorterHistory(string fault)
    {
        var source = site.Source;
        (fault == "missing" ? source.Missing : source.Zeroed).Add(site.Segments[^3]);
        await using var recovery = await PointInTimeRecovery.StartAsync(await site.NewRequestAsync(RecoveryTarget.Latest, source), _patience.Token);

        var failure = await Should.ThrowAsync<PgdrException>(() => ReachAsync(recovery));

        failure.Code.ShouldBe(ErrorCodes.WalMissing);
        failure.Message.ShouldContain("damaged there");
        await using var connection = await recovery.Connection.OpenAsync("template1", _patience.Token);
        (await connection.SingleAsync<bool>("select pg_is_in_recovery()", _patience.Token)).ShouldBeTrue("it was not promoted");
    }

    [Fact]
    public async Task Recover_ASegmentCannotBeHad_StopsWithItsCause()
    {
        var source = site.Source;
        source.Failing.Add(site.Segments[^3]);
        await using var recovery = await PointInTimeRecovery.StartAsync(await site.NewRequestAsync(RecoveryTarget.Latest, source), _patience.Token);

        var failure = await Should.ThrowAsync<PgdrException>(() => ReachAsync(recovery));

        failure.Code.ShouldBe(ErrorCodes.TargetUnreachable);
        failure.Message.ShouldContain(site.Segments[^3]);
    }

    [Fact]
    public async Task Recover_WithoutTheLogOfTheBaseItself_SaysThatItIsNotConsistent()
    {
        var source = site.Source;
        source.Missing.UnionWith(site.ArchivedSegments());
        await using var recovery = await PointInTimeRecovery.StartAsync(await site.NewRequestAsync(RecoveryTarget.Latest, source), _patience.Token);

        var failure = await Should.ThrowAsync<PgdrException>(() => ReachAsync(recovery));

        // Some servers stop by themselves: the checkpoint that the label names is nowhere.
        failure.Code.ShouldBeOneOf(ErrorCodes.WalMissing, ErrorCodes.ToolFailed);
    }

    [Fact]
    public async Task Start_AFolderThatIsNoDataDirectory_SaysSo()
    {
        var request = await site.NewRequestAsync(RecoveryTarget.Latest);

        var failure = await Should.ThrowAsync<PgdrException>(() => PointInTimeRecovery.StartAsync(request with { DataFolder = request.WorkFolder }, _patience.Token));

        failure.Message.ShouldContain("pg_controldata");
    }

    private Task<RecoveryOutcome> ReachAsync(PointInTimeRecovery recovery) => recovery.ReachAsync(TimeProvider.System, _ => { }, _patience.Token);

    private async Task<IReadOnlyList<int>> RowsAsync(PointInTimeRecovery recovery)
    {
        await using var connection = await recovery.Connection.OpenAsync("postgres", _patience.Token);
        return await connection.QueryAsync("select i from t order by 1", static row => row.GetInt32(0), _patience.Token);
    }
}

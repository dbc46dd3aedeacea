using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.Timers;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.TimerTriggers;

public class PostgresTimersTests(StateDatabaseFixture fixture) : IClassFixture<StateDatabaseFixture>
{
    private static readonly DateTimeOffset Noon = TimerListenerFixture.Noon;

    [Fact]
    [Conforms("The status {Last, Next, LastUpdated} of a timer outlives the host", Source.WebJobsExtensions)]
    public async Task Status_WrittenAndReplaced_ReadsTheSame()
    {
        await using var database = fixture.Open();
        using var store = new PostgresTimerStatusStore(database, "hub");
        var first = new TimerStatus(null, Noon.AddTicks(TimeSpan.TicksPerMicrosecond * 7), Noon);
        var second = new TimerStatus(Noon, Noon.AddDays(1), Noon.AddMicroseconds(1));

        (await store.ReadAsync("Nightly", CancellationToken.None)).ShouldBeNull();
        await store.WriteAsync("Nightly", first, CancellationToken.None);
        (await store.ReadAsync("Nightly", CancellationToken.None)).ShouldBe(first);
        await store.WriteAsync("Nightly", second, CancellationToken.None);
        (await store.ReadAsync("Nightly", CancellationToken.None)).ShouldBe(second);
    }

    [Fact]
    [Conforms("Hubs in one database do not share timers", Source.Own)]
    public async Task Status_OtherHub_IsItsOwn()
    {
        await using var database = fixture.Open();
        using var store = new PostgresTimerStatusStore(database, "one");
        using var other = new PostgresTimerStatusStore(database, "two");
        await store.WriteAsync("Shared", new TimerStatus(null, Noon, Noon), CancellationToken.None);

        (await other.ReadAsync("Shared", CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    [Conforms("Hosts that start together make the status table once", Source.Own)]
    public async Task Status_StoresStartTogether_SchemaIsMadeOnce()
    {
        await using var database = fixture.Open();
        var stores = Enumerable.Range(0, 8).Select(_ => new PostgresTimerStatusStore(database, "together")).ToArray();

        await Task.WhenAll(stores.Select(store => store.WriteAsync("Nightly", new TimerStatus(null, Noon, Noon), CancellationToken.None)));

        (await stores[0].ReadAsync("Nightly", CancellationToken.None)).ShouldNotBeNull();
        Array.ForEach(stores, store => store.Dispose());
    }

    [Fact]
    [Conforms("One host of several listens to a timer until it ends", Source.WebJobsExtensions)]
    public async Task Lock_TwoHosts_OneHoldsUntilItEnds()
    {
        await using var database = fixture.Open();
        await using var otherDatabase = fixture.Open();
        var first = new PostgresListenerLocks(database, "hub");
        await using var second = new PostgresListenerLocks(otherDatabase, "hub");

        (await first.TryAcquireAsync("Nightly", CancellationToken.None)).ShouldBeTrue();
        (await first.TryAcquireAsync("Nightly", CancellationToken.None)).ShouldBeTrue();
        (await second.TryAcquireAsync("Nightly", CancellationToken.None)).ShouldBeFalse();
        (await second.TryAcquireAsync("Weekly", CancellationToken.None)).ShouldBeTrue();
        (await first.IsHeldAsync("Nightly", CancellationToken.None)).ShouldBeTrue();
        await first.DisposeAsync();

        (await second.TryAcquireAsync("NIGHTLY", CancellationToken.None)).ShouldBeTrue();
    }

    [Fact]
    [Conforms("Of several host processes on one state database one listens; another takes over when it ends", Source.WebJobsExtensions)]
    public async Task Listeners_OfTwoHosts_OneRunsTheTimer()
    {
        await using var database = fixture.Open();
        await using var otherDatabase = fixture.Open();
        var first = new PostgresListenerLocks(database, "two-hosts");
        await using var second = new PostgresListenerLocks(otherDatabase, "two-hosts");
        await using var standby = new TimerListenerFixture(second);
        await using (var listening = new TimerListenerFixture(first))
        {
            listening.Start("0 0 * * * *", runOnStartup: true);
            await listening.NextRunAsync();

            standby.Start("0 0 * * * *", runOnStartup: true);

            (await standby.Clock.NextWaitAsync()).ShouldBe(TimerListener.StandbyInterval);
            standby.HasRun.ShouldBeFalse();
        }

        await first.DisposeAsync();
        standby.Clock.Advance(TimerListener.StandbyInterval);
        await standby.NextRunAsync();
    }

    [Fact]
    [Conforms("A host whose session is gone no longer listens", Source.Own)]
    public async Task Lock_SessionKilled_IsNoLongerHeld()
    {
        await using var database = fixture.Open();
        await using var locks = new PostgresListenerLocks(database, "killed");
        (await locks.TryAcquireAsync("Nightly", CancellationToken.None)).ShouldBeTrue();
        var source = await database.OpenAsync(CancellationToken.None);
        await using (var kill = source.CreateCommand(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"))
        {
            await kill.ExecuteNonQueryAsync();
        }

        await Should.ThrowAsync<Npgsql.NpgsqlException>(() => locks.IsHeldAsync("Nightly", CancellationToken.None));
        (await locks.IsHeldAsync("Nightly", CancellationToken.None)).ShouldBeFalse();
        (await locks.TryAcquireAsync("Nightly", CancellationToken.None)).ShouldBeTrue();
    }
}

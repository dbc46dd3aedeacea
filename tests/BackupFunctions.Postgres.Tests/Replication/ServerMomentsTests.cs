using BackupFunctions.Postgres.Replication;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Postgres.Tests.Replication;

public sealed class ServerMomentsTests : IAsyncLifetime
{
    private const string Password = "moment";

    private PostgresServer _server = null!;

    public async Task InitializeAsync() => _server = await PostgresServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Read_ByARoleThatMayOnlyReplicate_IsTheServersClockAndThenItsPosition()
    {
        await _server.ExecuteAsync($"create role archiver login replication password '{Password}'");
        var (at, flushed) = (await ClockAsync(), await FlushedAsync());

        var moment = (await ServerMoments.ReadAsync(Connection("archiver", Password), CancellationToken.None)).ShouldNotBeNull();

        moment.At.ShouldBeGreaterThanOrEqualTo(at);
        moment.At.ShouldBeLessThanOrEqualTo(await ClockAsync());
        moment.FlushedLsn.ShouldBeGreaterThanOrEqualTo(flushed);
        moment.FlushedLsn.ShouldBeLessThanOrEqualTo(await FlushedAsync());
        moment.Timeline.ShouldBe(1);
        moment.SystemIdentifier.ShouldBe(await _server.ScalarAsync<string>("select system_identifier::text from pg_control_system()"));
    }

    [Fact]
    public async Task Read_AfterATimelineSwitch_TellsTheNewOne()
    {
        await _server.SwitchTimelineAsync();

        (await ServerMoments.ReadAsync(Connection(), CancellationToken.None))!.Timeline.ShouldBe(2);
    }

    [Fact]
    public async Task Read_AStandby_SaysNothing()
    {
        await _server.StopAsync("fast");
        var signal = Path.Combine(_server.DataFolder, "standby.signal");
        await File.WriteAllTextAsync(signal, string.Empty);
        if (Environment.IsPrivilegedProcess)
        {
            await CommandLine.RunAsync("chown", "postgres", signal);
        }

        await _server.StartAgainAsync();

        (await ServerMoments.ReadAsync(Connection(), CancellationToken.None)).ShouldBeNull();
    }

    private ServerConnection Connection(string username = "postgres", string password = PostgresServer.SuperuserPassword) => new()
    {
        Name = "main", Host = "127.0.0.1", Port = _server.Port, Username = username, Password = password,
    };

    private async Task<DateTimeOffset> ClockAsync() => new(await _server.ScalarAsync<DateTime>("select clock_timestamp()"));

    private async Task<ulong> FlushedAsync() => (ulong)await _server.ScalarAsync<decimal>("select pg_current_wal_flush_lsn() - '0/0'::pg_lsn");
}

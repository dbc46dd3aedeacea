using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Replication;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tools;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Postgres.Tests.Replication;

public sealed class WalReceiverTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private PostgresServer _server = null!;

    private ServerConnection Connection => new()
    {
        Name = "main", Host = "127.0.0.1", Port = _server.Port, Username = "postgres", Password = PostgresServer.SuperuserPassword,
    };

    public async Task InitializeAsync() => _server = await PostgresServer.StartAsync(15, "max_wal_size = 64MB", "max_replication_slots = 3");

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Identify_AServer_TellsWhatItsControlFileSays()
    {
        await using var receiver = await WalReceiver.OpenAsync(Connection, CancellationToken.None);

        var system = await receiver.IdentifyAsync(CancellationToken.None);

        system.SystemIdentifier.ShouldBe(await _server.ScalarAsync<string>("select system_identifier::text from pg_control_system()"));
        system.SegmentSize.ShouldBe(16 << 20);
        system.Timeline.ShouldBe(1);
        (system.VersionNumber / 10000).ShouldBe(15);
        ((decimal)system.FlushedLsn).ShouldBe(await _server.ScalarAsync<decimal>("select pg_current_wal_flush_lsn() - '0/0'::pg_lsn"));
    }

    [Fact]
    public async Task Receive_FromASlot_GivesTheServersOwnBytesAndKeepsThemUntilConfirmed()
    {
        await PhysicalSlots.CreateAsync(Connection, "pgdr", CancellationToken.None);
        var slot = (await PhysicalSlots.FindAsync(Connection, "pgdr", CancellationToken.None)).ShouldNotBeNull();
        var start = slot.RestartLsn.ShouldNotBeNull() / (16 << 20) * (16 << 20);
        await _server.ExecuteAsync("create table t as select g, repeat(md5(g::text), 20) from generate_series(1, 30000) g; select pg_switch_wal();");
        var firstName = await _server.ScalarAsync<string>("select pg_walfile_name(restart_lsn) from pg_replication_slots");
        using var segment = new MemoryStream();
        await using var receiver = await WalReceiver.OpenAsync(Connection, CancellationToken.None);
        using var patience = new CancellationTokenSource(Patience);

        await foreach (var data in receiver.ReceiveAsync("pgdr", 1, start, patience.Token))
        {
            segment.Write(data.Bytes.Span);
            if (segment.Length >= 16 << 20)
            {
                (await PhysicalSlots.FindAsync(Connection, "pgdr", patience.Token))!.RestartLsn.ShouldBe(slot.RestartLsn, "nothing was confirmed");
                await receiver.ConfirmAsync(start + (16 << 20), patience.Token);
                await Until(async () => (await PhysicalSlots.FindAsync(Connection, "pgdr", patience.Token))!.RestartLsn == start + (16 << 20), patience.Token);
                break;
            }
        }

        segment.ToArray()[..(16 << 20)].ShouldBe(await File.ReadAllBytesAsync(Path.Combine(_server.DataFolder, "pg_wal", firstName!), patience.Token));
    }

    [Fact]
    public async Task Receive_UpToATimelineSwitch_EndsThereAndGoesOnWithTheNext()
    {
        await PhysicalSlots.CreateAsync(Connection, "pgdr", CancellationToken.None);
        await _server.ExecuteAsync("create table t(i int); insert into t select generate_series(1, 1000);");
        await _server.SwitchTimelineAsync();
        await _server.ExecuteAsync("insert into t select generate_series(1, 1000);");
        using var patience = new CancellationTokenSource(Patience);
        var start = (await PhysicalSlots.FindAsync(Connection, "pgdr", patience.Token))!.RestartLsn!.Value / (16 << 20) * (16 << 20);
        var history = await TimelineHistoryReader.ReadAsync(await PgTools.FindAsync(15, null, patience.Token), Connection, 2, patience.Token);
        var end = start;

        await using (var receiver = await WalReceiver.OpenAsync(Connection, patience.Token))
        {
            await foreach (var data in receiver.ReceiveAsync("pgdr", 1, start, patience.Token))
            {
                end = data.End;
            }
        }

        await Until(async () => !(await PhysicalSlots.FindAsync(Connection, "pgdr", patience.Token))!.Active, patience.Token);
        history.Content.ShouldBe(await File.ReadAllBytesAsync(Path.Combine(_server.DataFolder, "pg_wal", "00000002.history"), patience.Token));
        history.Ancestors.ShouldBe([new TimelineSwitch(1, end)]);
        await using var next = await WalReceiver.OpenAsync(Connection, patience.Token);
        (await next.IdentifyAsync(patience.Token)).Timeline.ShouldBe(2);
        await foreach (var data in next.ReceiveAsync("pgdr", 2, end / (16 << 20) * (16 << 20), patience.Token))
        {
            data.Start.ShouldBe(end / (16 << 20) * (16 << 20));
            break;
        }
    }

    [Fact]
    public async Task Receive_WhatTheServerHasRemoved_IsWalMissing()
    {
        for (var i = 0; i < 8; i++)
        {
            await _server.ExecuteAsync("create table if not exists t(i int); insert into t values (1); select pg_switch_wal();");
        }

        await _server.ExecuteAsync("checkpoint; insert into t values (1); select pg_switch_wal(); checkpoint;");
        await using var receiver = await WalReceiver.OpenAsync(Connection, CancellationToken.None);
        using var patience = new CancellationTokenSource(Patience);

        var failure = await Should.ThrowAsync<PgdrException>(async () =>
        {
            await foreach (var data in receiver.ReceiveAsync(slot: null, 1, 16 << 20, patience.Token))
            {
                data.Bytes.Length.ShouldBeGreaterThan(0);
            }
        });

        failure.Code.ShouldBe(ErrorCodes.WalMissing);
        failure.Message.ShouldContain("new base backup");
    }

    [Fact]
    public async Task Open_ARoleWithoutReplication_NamesWhatItNeeds()
    {
        await _server.ExecuteAsync("create role plain login password 'p'");

        var failure = await Should.ThrowAsync<PgdrException>(() => WalReceiver.OpenAsync(Connection with { Username = "plain", Password = "p" }, CancellationToken.None));

        failure.Code.ShouldBe(ErrorCodes.PermissionMissing);
        failure.Message.ShouldContain("ALTER ROLE \"plain\" REPLICATION");
    }

    [Fact]
    public async Task Create_WithoutASlotLeft_NamesTheSetting()
    {
        foreach (var name in new[] { "a", "b", "c" })
        {
            await PhysicalSlots.CreateAsync(Connection, name, CancellationToken.None);
        }

        await PhysicalSlots.CreateAsync(Connection, "a", CancellationToken.None);
        var failure = await Should.ThrowAsync<PgdrException>(() => PhysicalSlots.CreateAsync(Connection, "d", CancellationToken.None));
        await PhysicalSlots.DropAsync(Connection, "a", CancellationToken.None);
        await PhysicalSlots.DropAsync(Connection, "a", CancellationToken.None);

        failure.Message.ShouldContain("max_replication_slots");
        (await PhysicalSlots.FindAsync(Connection, "a", CancellationToken.None)).ShouldBeNull();
    }

    private static async Task Until(Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        while (!await condition())
        {
            await Task.Delay(20, cancellationToken);
        }
    }
}

using System.Globalization;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.BaseBackup;
using BackupFunctions.Jobs.Recovery;
using BackupFunctions.Jobs.Restore;
using BackupFunctions.Jobs.Tests.Wal;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Recovery;

/// <summary>
/// A server that publishes to one, subscribes to another and archives elsewhere is recovered while all of them run: nothing changes for any
/// of them.
/// </summary>
public sealed class ReplicatedServerTests : IAsyncLifetime, IDisposable
{
    private const string Logical = "wal_level = logical";

    private readonly CancellationTokenSource _patience = new(TimeSpan.FromMinutes(3));
    private readonly TemporaryFolder _folder = new();
    private WalSite _site = null!;
    private PostgresServer _publisher = null!;
    private PostgresServer _subscriber = null!;

    public async Task InitializeAsync()
    {
        if (Environment.IsPrivilegedProcess)
        {
            await CommandLine.RunAsync("chown", "postgres", _folder.Path);
        }

        var archive = _folder["archive"];
        Directory.CreateDirectory(archive);
        if (Environment.IsPrivilegedProcess)
        {
            await CommandLine.RunAsync("chown", "postgres", archive);
        }

        _site = await WalSite.StartAsync(Logical, "archive_mode = on", $"archive_command = 'cp %p {archive}/%f'");
        _publisher = await PostgresServer.StartAsync(15, Logical);
        _subscriber = await PostgresServer.StartAsync(15, Logical);
    }

    public async Task DisposeAsync()
    {
        await _subscriber.DisposeAsync();
        await _site.DisposeAsync();
        await _publisher.DisposeAsync();
    }

    public void Dispose()
    {
        _folder.Dispose();
        _patience.Dispose();
    }

    [Fact]
    public async Task Recover_APublisherAndSubscriberThatArchives_ChangesNothingForAnyOfThem()
    {
        await ConnectAsync(_publisher, "incoming", _site.Server);
        await ConnectAsync(_site.Server, "outgoing", _subscriber);
        await _site.ReceiveAsync(cancellationToken: _patience.Token);
        await new BaseBackupJob(_site.Jobs.Environment, Path.Combine(_site.Jobs.Site.RunStore, "base", "state")).RunAsync(new BaseBackupParameters("main", "test"), _patience.Token);
        await WriteAsync(2);
        await _site.ReceiveAsync(cancellationToken: _patience.Token);
        var point = (await _site.Server.ScalarAsync<string>("select restart_lsn::text from pg_replication_slots where slot_name = 'pgdr'"))!;

        // Changes that the real subscription has not taken yet: one that the copy took would be lost to it.
        await _site.Server.ExecuteAsync("alter subscription incoming disable");
        await _subscriber.ExecuteAsync("alter subscription outgoing disable");
        await UntilAsync(async () => await _publisher.ScalarAsync<long>(Active) == 0 && await _site.Server.ScalarAsync<long>(Active) == 0);
        await _publisher.ExecuteAsync("insert into incoming values (3)");
        await _site.Server.ExecuteAsync("insert into outgoing values (3)");
        var full = await _site.Server.ScalarAsync<string>("select pg_walfile_name(pg_switch_wal())");
        await UntilAsync(() => _site.Server.ScalarAsync<bool>($"select last_archived_wal >= '{full}' from pg_stat_archiver"));
        var before = await StateAsync();

        var recovered = await RecoverAsync(point);

        (await StateAsync()).ShouldBe(before);
        await _site.Server.ExecuteAsync("alter subscription incoming enable");
        await _subscriber.ExecuteAsync("alter subscription outgoing enable");
        await UntilAsync(async () => await RowsAsync(_site.Server, "incoming") == "1 2 3" && await RowsAsync(_subscriber, "outgoing") == "1 2 3");
        await using var copy = await RecoveredServer.StartAsync(_site.Server.Binaries, recovered.DataDirectory, "max_logical_replication_workers=0");
        (await copy.RowsAsync("select string_agg(i::text, ' ' order by i) from outgoing")).ShouldBe(["1 2"]);
        (await copy.RowsAsync("select string_agg(i::text, ' ' order by i) from incoming")).ShouldBe(["1 2"]);
        (await copy.RowsAsync("select count(*)::text from pg_replication_slots")).ShouldBe(["0"]);
        (await copy.RowsAsync("select subname::text from pg_subscription")).ShouldBe(["incoming"]);
    }

    private const string Active = "select count(*) from pg_replication_slots where slot_type = 'logical' and active";

    private async Task ConnectAsync(PostgresServer from, string table, PostgresServer to)
    {
        await from.ExecuteAsync($"create table {table}(i int primary key); create publication {table} for table {table}; insert into {table} values (1)");
        await to.ExecuteAsync($"create table {table}(i int primary key)");
        await to.ExecuteAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"create subscription {table} connection 'host=127.0.0.1 port={from.Port} user=postgres password={PostgresServer.SuperuserPassword} dbname=postgres' publication {table}"));
        await UntilAsync(async () => await RowsAsync(to, table) == "1");
    }

    private async Task WriteAsync(int row)
    {
        await _publisher.ExecuteAsync($"insert into incoming values ({row})");
        await _site.Server.ExecuteAsync($"insert into outgoing values ({row})");
        await UntilAsync(async () => (await RowsAsync(_site.Server, "incoming")).EndsWith($" {row}", StringComparison.Ordinal)
            && (await RowsAsync(_subscriber, "outgoing")).EndsWith($" {row}", StringComparison.Ordinal));
    }

    /// <summary>Slots of all servers, what was archived, rows on both ends, subscriptions.</summary>
    private async Task<string> StateAsync()
    {
        var lines = new List<string>();
        foreach (var server in new[] { _publisher, _site.Server, _subscriber })
        {
            lines.Add(await server.ScalarAsync<string>(
                "select coalesce(string_agg(concat_ws(' ', slot_name, slot_type, restart_lsn, confirmed_flush_lsn), '; ' order by slot_name), 'no slots') from pg_replication_slots") ?? string.Empty);
            lines.Add(await server.ScalarAsync<string>("select coalesce(string_agg(concat_ws(' ', subname, subenabled), '; '), 'no subscriptions') from pg_subscription") ?? string.Empty);
        }

        lines.Add(await RowsAsync(_site.Server, "incoming"));
        lines.Add(await RowsAsync(_subscriber, "outgoing"));
        lines.AddRange(Directory.EnumerateFiles(_folder["archive"]).Order(StringComparer.Ordinal).Select(file => $"{Path.GetFileName(file)} {File.GetLastWriteTimeUtc(file):O} {new FileInfo(file).Length}"));
        return string.Join('\n', lines);
    }

    private static async Task<string> RowsAsync(PostgresServer server, string table) =>
        await server.ScalarAsync<string>($"select string_agg(i::text, ' ' order by i) from {table}") ?? string.Empty;

    private async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
        {
            await Task.Delay(100, _patience.Token);
        }
    }

    private async Task<RecoverServerResult> RecoverAsync(string lsn)
    {
        var environment = _site.Jobs.Environment;
        using var reader = BackupReader.FromSettings(environment);
        return await new RecoverServerJob(environment, reader).RunAsync(
            new RecoverServerParameters { Server = "main", DataDirectory = _folder["data"], TargetLsn = lsn, RequestedBy = "test" }, _patience.Token);
    }
}

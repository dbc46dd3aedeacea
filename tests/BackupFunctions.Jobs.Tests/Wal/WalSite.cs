using System.Globalization;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog.Sources;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.Jobs.Wal;
using BackupFunctions.Storage.Failover;
using BackupFunctions.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Jobs.Tests.Wal;

/// <summary>A server of its own whose log is archived to three folders.</summary>
internal sealed class WalSite : IAsyncDisposable
{
    public const int SegmentSize = 16 << 20;

    private WalSite(PostgresServer server, BackupKeys keys) => (Server, Keys, Jobs) = (server, keys, new JobSite(new BackupSite(server, keys)));

    public PostgresServer Server { get; }

    public BackupKeys Keys { get; }

    public JobSite Jobs { get; }

    public static Task<WalSite> StartAsync(params string[] settings) => StartAsync(15, settings);

    /// <param name="major">The server's version.</param>
    /// <param name="settings">Further lines for postgresql.conf.</param>
    public static async Task<WalSite> StartAsync(int major, params string[] settings) =>
        new(await PostgresServer.StartAsync(major, ["max_wal_size = 128MB", "max_slot_wal_keep_size = 4GB", .. settings]), new BackupKeys());

    public Task<ReceiveWalResult> ReceiveAsync(bool continuous = false, CancellationToken cancellationToken = default) =>
        new ReceiveWalJob(Jobs.Environment).RunAsync(new ReceiveWalParameters("main", continuous, "test"), cancellationToken);

    public async Task<ulong> FlushedAsync() => (ulong)await Server.ScalarAsync<decimal>("select pg_current_wal_flush_lsn() - '0/0'::pg_lsn");

    /// <summary>The server takes a receiver's last word when it gets to it, which may be after the receiver has ended.</summary>
    public async Task SlotShouldComeToAsync(ulong position)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await SlotAsync() != position && !patience.IsCancellationRequested)
        {
            await Task.Delay(50, CancellationToken.None);
        }

        (await SlotAsync()).ShouldBe(position);
    }

    public async Task<ulong> SlotAsync() => (ulong)await Server.ScalarAsync<decimal>("select restart_lsn - '0/0'::pg_lsn from pg_replication_slots where slot_name = 'pgdr'");

    public async Task<string> SystemAsync() => (await Server.ScalarAsync<string>("select system_identifier::text from pg_control_system()"))!;

    /// <summary>So many MiB of log, as messages: rows would cost the server much more.</summary>
    public Task WriteAsync(int mebibytes) => Server.ExecuteAsync(string.Create(
        CultureInfo.InvariantCulture, $"select count(pg_logical_emit_message(true, 'filler', repeat(md5(random()::text), 32768))) from generate_series(1, {mebibytes})"));

    /// <summary>The server removes log that the slot has not let go.</summary>
    public async Task LoseSlotAsync(CancellationToken cancellationToken)
    {
        await Server.ExecuteAsync("alter system set max_slot_wal_keep_size = '1MB'; alter system set max_wal_size = '32MB'");
        await Server.ExecuteAsync("select pg_reload_conf()");
        while (await Server.ScalarAsync<string>("select wal_status from pg_replication_slots where slot_name = 'pgdr'") != "lost")
        {
            cancellationToken.ThrowIfCancellationRequested();
            await WriteAsync(20);
            await Server.ExecuteAsync("select pg_switch_wal()");
            await Server.ExecuteAsync("checkpoint");
        }
    }

    public async Task<WalReader> ReaderAsync()
    {
        var environment = Jobs.Environment;
        var targets = environment.OpenTargets();
        return new WalReader(
            BackupSite.Cluster, await SystemAsync(), targets, KeyLoader.Verification(environment.Settings.Keys), KeyLoader.Private(environment.Settings.Keys),
            new FailoverReader(targets, new FailoverReaderOptions(), NullLogger.Instance));
    }

    /// <summary>Names of the log's objects on one target.</summary>
    public async Task<IReadOnlyList<WalObjectName>> ObjectsAsync(string target) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Jobs.Site.TargetFolder(target), StorageKeys.WalOf(BackupSite.Cluster, await SystemAsync())), "*", SearchOption.AllDirectories)
            .Select(file => WalObjectName.TryParse(Path.GetFileName(file), out var name) ? name : null).OfType<WalObjectName>().OrderBy(name => name.ToString(), StringComparer.Ordinal),
    ];

    public async ValueTask DisposeAsync()
    {
        Jobs.Dispose();
        await Server.DisposeAsync();
        Keys.Dispose();
    }
}

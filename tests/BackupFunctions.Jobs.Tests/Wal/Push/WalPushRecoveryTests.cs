using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.BaseBackup;
using BackupFunctions.Jobs.Recovery;
using BackupFunctions.Jobs.Restore;
using BackupFunctions.Jobs.Tests.Recovery;
using BackupFunctions.Jobs.Wal.Push;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Wal.Push;

public sealed class WalPushRecoveryTests : IDisposable
{
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromMinutes(5));
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
        _patience.Dispose();
    }

    [Fact]
    public async Task Recover_FromALogThatWasPushed_HasEveryRow()
    {
        // A base backup waits until the server's archiver has its log; this archiver waits for the mark.
        var marks = Directory.CreateDirectory(_folder["state/durable"]).FullName;
        if (Environment.IsPrivilegedProcess)
        {
            await CommandLine.RunAsync("chown", "postgres", _folder.Path);
        }

        await using var site = await WalSite.StartAsync("archive_mode = on", $"archive_command = 'until test -f {marks}/%f; do sleep 0.05; done'");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_patience.Token);
        var pushing = Task.Run(() => PushAsync(site, stop.Token));
        await site.Server.ExecuteAsync("create table t(i int)");
        await new BaseBackupJob(site.Jobs.Environment, Path.Combine(site.Jobs.Site.RunStore, "base", "state")).RunAsync(new BaseBackupParameters("main", "test"), _patience.Token);
        await site.Server.ExecuteAsync("insert into t select generate_series(1, 1000)");
        await site.WriteAsync(20);
        await site.Server.ExecuteAsync("insert into t values (0)");
        var last = await site.Server.ScalarAsync<string>("select pg_walfile_name(pg_switch_wal())");
        while (!File.Exists(Path.Combine(marks, last!)))
        {
            await Task.Delay(50, _patience.Token);
        }

        await stop.CancelAsync();
        await pushing;
        using var reader = BackupReader.FromSettings(site.Jobs.Environment);
        var recovered = await new RecoverServerJob(site.Jobs.Environment, reader)
            .RunAsync(new RecoverServerParameters { Server = "main", DataDirectory = _folder["data"], RequestedBy = "test" }, _patience.Token);

        await using var server = await RecoveredServer.StartAsync(site.Server.Binaries, recovered.DataDirectory);
        (await server.RowsAsync("select count(*) || ' ' || sum(i) from t")).ShouldBe(["1001 500500"]);
    }

    private async Task PushAsync(WalSite site, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            if (ServerFiles.Open(site.Server.DataFolder).Ready().FirstOrDefault(file => !File.Exists(_folder[$"state/durable/{file.Name}"])) is { } file)
            {
                await WalPush.RunAsync(site.Jobs.Environment, site.Server.DataFolder, file.Path, _folder["state"], new WalPushOptions(), CancellationToken.None);
            }

            await Task.Delay(50, CancellationToken.None);
        }
    }
}

using System.Globalization;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.BaseBackup;
using BackupFunctions.Jobs.Recovery;
using BackupFunctions.Jobs.Restore;
using BackupFunctions.Jobs.Tests.Wal;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Recovery;

/// <summary>
/// A server of one version that was written to while its base backups and its log were taken, on one timeline and on the next. Everything
/// that it committed is known, and recoveries of it go to folders of their own.
/// </summary>
internal sealed class ArchivedHistory : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly WalSite _site;
    private readonly CommittedHistory _history;
    private readonly List<BaseBackupResult> _backups = [];
    private readonly CancellationToken _patience;
    private int _recoveries;

    private ArchivedHistory(WalSite site, CancellationToken patience) => (_site, _history, _patience) = (site, new CommittedHistory(site.Server), patience);

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<BaseBackupResult> Backups => _backups;

    /// <summary>Those that can be reached.</summary>
    public IReadOnlyList<CommittedPoint> Points => [.. _history.Points.Where(point => point.Lsn > Lsn.Parse(_backups[0].StopLsn))];

    public static async Task<ArchivedHistory> CreateAsync(int major, CancellationToken patience)
    {
        var made = new ArchivedHistory(await WalSite.StartAsync(major, CommittedHistory.Settings), patience);
        await made.FillAsync();
        return made;
    }

    /// <param name="change">Says where to.</param>
    public async Task<(RecoverServerResult Recovered, IReadOnlyList<string> Rows)> RecoverAsync(Func<RecoverServerParameters, RecoverServerParameters> change)
    {
        var environment = _site.Jobs.Environment;
        using var reader = BackupReader.FromSettings(environment);
        var parameters = change(new RecoverServerParameters
        {
            Server = "main",
            DataDirectory = _folder[string.Create(CultureInfo.InvariantCulture, $"data{++_recoveries}")],
            RequestedBy = "test",
        });
        var recovered = await new RecoverServerJob(environment, reader).RunAsync(parameters, _patience);
        IReadOnlyList<string> rows;
        await using (var server = await RecoveredServer.StartAsync(_site.Server.Binaries, recovered.DataDirectory))
        {
            rows = await server.RowsAsync(CommittedHistory.Query);
        }

        Directory.Delete(recovered.DataDirectory, recursive: true);
        return (recovered, rows);
    }

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        _folder.Dispose();
    }

    private async Task FillAsync()
    {
        if (Environment.IsPrivilegedProcess)
        {
            await CommandLine.RunAsync("chown", "postgres", _folder.Path);
        }

        await _history.CreateTableAsync();
        await WriteAsync(timeline: 1);
        await _site.Server.SwitchTimelineAsync();
        await WriteAsync(timeline: 2);
    }

    /// <summary>Base backups are taken while the server is written to and its log is received.</summary>
    private async Task WriteAsync(int timeline)
    {
        using var stopReceiving = CancellationTokenSource.CreateLinkedTokenSource(_patience);
        using var stopWriting = CancellationTokenSource.CreateLinkedTokenSource(_patience);
        var receiving = _site.ReceiveAsync(continuous: true, stopReceiving.Token);
        var writing = _history.WriteAsync(timeline, stopWriting.Token);
        await _history.MoreAsync(100, _patience);
        await BackUpAsync();
        await _history.MoreAsync(100, _patience);
        await stopWriting.CancelAsync();
        await writing;
        await SafeAsync(await _site.FlushedAsync());
        await stopReceiving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => receiving);
    }

    private async Task BackUpAsync() => _backups.Add(
        await new BaseBackupJob(_site.Jobs.Environment, Path.Combine(_site.Jobs.Site.RunStore, "base", "state")).RunAsync(new BaseBackupParameters("main", "test"), _patience));

    private async Task SafeAsync(ulong position)
    {
        while (await _site.SlotAsync() < position)
        {
            await Task.Delay(50, _patience);
        }
    }
}

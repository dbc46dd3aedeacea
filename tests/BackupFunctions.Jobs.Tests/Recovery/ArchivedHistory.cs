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
    private const int FirstIncremental = 17;

    private readonly TemporaryFolder _folder = new();
    private readonly WalSite _site;
    private readonly CommittedHistory _history;
    private readonly List<BaseBackupResult> _backups = [];
    private readonly CancellationToken _patience;
    private DateTimeOffset _firstBackupAt = DateTimeOffset.MaxValue;
    private int _recoveries;

    private ArchivedHistory(WalSite site, CancellationToken patience) => (_site, _history, _patience) = (site, new CommittedHistory(site.Server), patience);

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<BaseBackupResult> Backups => _backups;

    public IReadOnlyList<string> Warnings => [.. _site.Jobs.Reporter.Warnings];

    /// <summary>Those that can be reached.</summary>
    public IReadOnlyList<CommittedPoint> Points => [.. _history.Points.Where(point => point.At > _firstBackupAt)];

    /// <param name="major">The server's version.</param>
    /// <param name="backups">On each timeline, where the version has incremental ones; else one.</param>
    /// <param name="patience">Ends it.</param>
    public static async Task<ArchivedHistory> CreateAsync(int major, int backups, CancellationToken patience)
    {
        string[] settings = major >= FirstIncremental ? [CommittedHistory.Settings, "summarize_wal = on"] : [CommittedHistory.Settings];
        var made = new ArchivedHistory(await WalSite.StartAsync(major, settings), patience);
        await made.FillAsync(major >= FirstIncremental ? backups : 1, major >= FirstIncremental);
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

    private async Task FillAsync(int backups, bool incremental)
    {
        if (Environment.IsPrivilegedProcess)
        {
            await CommandLine.RunAsync("chown", "postgres", _folder.Path);
        }

        await _history.CreateTableAsync();
        await WriteAsync(timeline: 1, backups, incremental);
        await _site.Server.SwitchTimelineAsync();
        await WriteAsync(timeline: 2, backups, incremental);
    }

    /// <summary>Base backups are taken while the server is written to and its log is received.</summary>
    private async Task WriteAsync(int timeline, int backups, bool incremental)
    {
        using var stopReceiving = CancellationTokenSource.CreateLinkedTokenSource(_patience);
        using var stopWriting = CancellationTokenSource.CreateLinkedTokenSource(_patience);
        var receiving = _site.ReceiveAsync(continuous: true, stopReceiving.Token);
        var writing = _history.WriteAsync(timeline, stopWriting.Token);
        await _history.MoreAsync(100, _patience);
        for (var backup = 0; backup < backups; backup++)
        {
            // The first incremental one of a timeline becomes a whole one by itself.
            _backups.Add(incremental ? await BackUpIncrementallyAsync() : await BackUpAsync());
            if (_backups.Count == 1)
            {
                _firstBackupAt = new DateTimeOffset(await _site.Server.ScalarAsync<DateTime>("select clock_timestamp()"));
            }

            await _history.MoreAsync(100, _patience);
        }

        await stopWriting.CancelAsync();
        await writing;
        await SafeAsync(await _site.FlushedAsync());
        await stopReceiving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => receiving);
    }

    private Task<BaseBackupResult> BackUpAsync() =>
        new BaseBackupJob(_site.Jobs.Environment, Path.Combine(_site.Jobs.Site.RunStore, "base", "state")).RunAsync(new BaseBackupParameters("main", "test"), _patience);

    private async Task<BaseBackupResult> BackUpIncrementallyAsync() =>
        (await new IncrementalBackupJob(_site.Jobs.Environment, Path.Combine(_site.Jobs.Site.RunStore, "base", "state")).RunAsync(new IncrementalBackupParameters("main", "test"), _patience)).Backup!;

    private async Task SafeAsync(ulong position)
    {
        while (await _site.SlotAsync() < position)
        {
            await Task.Delay(50, _patience);
        }
    }
}

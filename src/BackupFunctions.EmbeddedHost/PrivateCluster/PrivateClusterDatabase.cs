using System.Globalization;
using BackupFunctions.EmbeddedHost.Settings;
using BackupFunctions.EmbeddedHost.State;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.PrivateCluster;

/// <summary>
/// State in a small PostgreSQL server of the host's own, reached by a Unix socket only. It outlives a host that is killed, and the next one
/// takes it over; the last host to end in order stops it.
/// </summary>
internal sealed class PrivateClusterDatabase(HostSettings settings, TimeProvider time, ILogger<PrivateClusterDatabase> logger) : IStateDatabase, IAsyncDisposable
{
    /// <summary>Longer than a server needs for crash recovery of the little WAL it keeps.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(6);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly ClusterFolders _folders = new(settings.DataFolder);
    private ClusterServer? _server;
    private NpgsqlDataSource? _source;
    private FileStream? _use;

    public async ValueTask<NpgsqlDataSource> OpenAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _source) is { } open)
        {
            return open;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_source is null)
            {
                await EnsureRunningAsync(cancellationToken);
                Volatile.Write(ref _source, NpgsqlDataSource.Create(_server!.ConnectionString));
            }

            return _source;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Starts the server again after it was killed; nothing to do while it answers.</summary>
    public async Task ReviveAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await EnsureRunningAsync(cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_source is not null)
        {
            await _source.DisposeAsync();
        }

        if (_use is not null)
        {
            await _use.DisposeAsync();
            await StopIfUnusedAsync();
        }

        _gate.Dispose();
    }

    private async Task EnsureRunningAsync(CancellationToken cancellationToken)
    {
        DataFolder.Ensure(_folders.Root);
        await using var starting = await FileLock.TakeAsync(_folders.StartLock, StartLimit, time, cancellationToken);
        _use ??= FileLock.Share(_folders.UseLock);
        var binaries = await ServerBinaries.FindAsync(settings.PostgresBinaries, await MajorAsync(cancellationToken), cancellationToken);
        if (!_folders.IsInitialized)
        {
            logger.LogInformation("Making the host's own PostgreSQL {Major} server in {Folder}", binaries.Major, _folders.State);
            await ClusterInitializer.InitializeAsync(_folders, binaries, cancellationToken);
        }

        await ServerAccount.OwnFolderAsync(_folders.Sockets, cancellationToken);
        _server = new ClusterServer(_folders, binaries, time);
        var adopted = await _server.StartOrAdoptAsync(cancellationToken);
        logger.LogInformation(
            "State: own PostgreSQL {Major} server in {Folder}, {How}", binaries.Major, _folders.State, adopted ? "found running" : "started");
    }

    private async Task<int?> MajorAsync(CancellationToken cancellationToken) =>
        _folders.IsInitialized
            ? int.Parse(await File.ReadAllTextAsync(Path.Combine(_folders.State, "PG_VERSION"), cancellationToken), CultureInfo.InvariantCulture)
            : null;

    private async Task StopIfUnusedAsync()
    {
        await using var stopping = await FileLock.TakeAsync(_folders.StartLock, StartLimit, time, CancellationToken.None);
        await using var alone = FileLock.TryTake(_folders.UseLock);
        if (alone is not null && _server is not null)
        {
            await _server.StopAsync(CancellationToken.None);
        }
    }
}

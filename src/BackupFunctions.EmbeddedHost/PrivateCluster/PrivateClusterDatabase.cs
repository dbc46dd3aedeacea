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
    private readonly ClusterPrograms _programs = new(new ClusterFolders(settings.DataFolder), settings.PostgresBinaries, time, logger);
    private ClusterServer? _server;
    private NpgsqlDataSource? _source;
    private FileStream? _use;

    public ClusterFolders Folders => _programs.Folders;

    /// <summary>Makes no server and keeps nothing aside; a server that is down is started, and stopped afterwards.</summary>
    public bool IsLookOnly { get; init; }

    /// <summary>Whether this object started the server, instead of finding it running.</summary>
    public bool WasStarted { get; private set; }

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
                await EnsureRunningAsync(isFirst: true, cancellationToken);
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
            await EnsureRunningAsync(isFirst: false, cancellationToken);
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

    /// <param name="isFirst">Nobody has used this object's state yet, so that it may still begin afresh.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    private async Task EnsureRunningAsync(bool isFirst, CancellationToken cancellationToken)
    {
        if (IsLookOnly)
        {
            await ClusterLook.EnsureAllowedAsync(Folders, cancellationToken);
        }
        else
        {
            DataFolder.Ensure(Folders.Root);
        }

        await using var starting = await FileLock.TakeAsync(Folders.StartLock, StartLimit, time, cancellationToken);
        var binaries = await _programs.FindAsync(mayKeepAside: isFirst && !IsLookOnly, cancellationToken);
        _use ??= FileLock.Share(Folders.UseLock);
        if (!Folders.IsInitialized)
        {
            logger.LogInformation("Making the host's own PostgreSQL {Major} server in {Folder}", binaries.Major, Folders.State);
            await ClusterInitializer.InitializeAsync(Folders, binaries, cancellationToken);
        }

        await ServerAccount.OwnFolderAsync(Folders.Sockets, cancellationToken);
        _server = new ClusterServer(Folders, binaries, time);
        WasStarted = !await _server.StartOrAdoptAsync(cancellationToken);
        logger.LogInformation(
            "State: own PostgreSQL {Major} server in {Folder}, {How}", binaries.Major, Folders.State, WasStarted ? "started" : "found running");
    }

    private async Task StopIfUnusedAsync()
    {
        if (IsLookOnly && !WasStarted)
        {
            return;
        }

        await using var stopping = await FileLock.TakeAsync(Folders.StartLock, StartLimit, time, CancellationToken.None);
        await using var alone = FileLock.TryTake(Folders.UseLock);
        if (alone is not null && _server is not null)
        {
            await _server.StopAsync(CancellationToken.None);
        }
    }
}

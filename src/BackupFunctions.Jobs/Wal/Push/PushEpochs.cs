using System.Collections.Concurrent;
using BackupFunctions.Postgres.Replication;
using BackupFunctions.Storage.FanOut;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Jobs.Wal.Push;

/// <summary>
/// A writer for each timeline that a call archives something of, in an epoch of its own. The data key lives as long as this process: one
/// that later calls could go on with would have to lie on the server's disk.
/// </summary>
internal sealed class PushEpochs : IDisposable
{
    private readonly WalWriterSettings _settings;
    private readonly WalWriterKeys _keys;
    private readonly WalTargets _targets;
    private readonly ServerFiles _server;
    private readonly JobEnvironment _environment;
    private readonly ConcurrentDictionary<int, Lazy<Task<(OpenEpoch Epoch, WalWriter Writer)>>> _open = new();

    public PushEpochs(WalWriterSettings settings, WalWriterKeys keys, WalTargets targets, ServerFiles server, JobEnvironment environment) =>
        (_settings, _keys, _targets, _server, _environment) = (settings, keys, targets, server, environment);

    /// <param name="timeline">Of what is to be written.</param>
    /// <param name="segmentSize">Of the server, bytes.</param>
    /// <param name="start">The first position that is to be written, when it is the first.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<WalWriter> WriterAsync(int timeline, int segmentSize, ulong start, CancellationToken cancellationToken) =>
        (await _open.GetOrAdd(timeline, _ => new Lazy<Task<(OpenEpoch, WalWriter)>>(() => OpenAsync(timeline, segmentSize, start, cancellationToken))).Value).Writer;

    public void Dispose()
    {
        foreach (var open in _open.Values.Where(each => each is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }))
        {
            open.Value.Result.Epoch.Dispose();
        }
    }

    private async Task<(OpenEpoch, WalWriter)> OpenAsync(int timeline, int segmentSize, ulong start, CancellationToken cancellationToken)
    {
        var logger = _environment.Loggers.CreateLogger<FanOutSession>();
        var system = new ReplicationSystem(_server.SystemIdentifier, timeline, start, segmentSize, _server.Major * 10000);
        var session = new FanOutSession(_targets.Usable(), _settings.RequiredCopies, logger);
        try
        {
            var epoch = await OpenEpoch.CreateAsync(_settings, _keys, system, start, timeline, _server.AncestorsOf(timeline), gap: null, session, cancellationToken);
            return (epoch, new WalWriter(_settings, epoch, _targets, _environment.Reporter, logger));
        }
        finally
        {
            foreach (var (target, cause) in session.Failures)
            {
                _targets.Fail(target, cause);
            }
        }
    }
}

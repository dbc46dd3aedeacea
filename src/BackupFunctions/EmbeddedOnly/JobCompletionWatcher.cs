using BackupFunctions.JobRunners.Runs;
using BackupFunctions.Settings;
using BackupFunctions.Workflows;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.EmbeddedOnly;

/// <summary>
/// Raises the event a workflow waits for as soon as its job leaves a result. Only a shortcut: the workflow's own timer finds the
/// result too, so a missed notice costs seconds and nothing else.
/// </summary>
internal sealed class JobCompletionWatcher : BackgroundService
{
    private readonly RunStore _store;
    private readonly BackupSettings _settings;
    private readonly DurableTaskClient _client;
    private readonly ILogger<JobCompletionWatcher> _logger;

    public JobCompletionWatcher(RunStore store, BackupSettings settings, DurableTaskClient client, ILogger<JobCompletionWatcher> logger)
    {
        _store = store;
        _settings = settings;
        _client = client;
        _logger = logger;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        PrivateFiles.CreateFolder(_settings.RunStorePath);
        var finished = System.Threading.Channels.Channel.CreateUnbounded<string>();
        using var watcher = new FileSystemWatcher(_settings.RunStorePath, "result.json") { IncludeSubdirectories = true };
        watcher.Renamed += (_, e) => finished.Writer.TryWrite(e.FullPath);
        watcher.EnableRaisingEvents = true;
        await foreach (var path in finished.Reader.ReadAllAsync(stoppingToken))
        {
            await NotifyAsync(Path.GetFileName(Path.GetDirectoryName(path)!), stoppingToken);
        }
    }

    private async Task NotifyAsync(string runId, CancellationToken cancellationToken)
    {
        try
        {
            if (_store.ReadSpec(runId)?.InstanceId is { } instanceId)
            {
                await _client.RaiseEventAsync(instanceId, JobCalls.CompletedEvent(runId), runId, cancellationToken);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _logger.LogDebug(e, "The end of run {RunId} was not passed on; its workflow will find it by its timer.", runId);
        }
    }
}

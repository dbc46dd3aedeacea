using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.ManualBackups;

namespace BackupFunctions.Workflows;

/// <summary>The backup of a manual backup, taken as the kind's own workflow takes it.</summary>
internal sealed class ManualBackupWork
{
    private const string Reason = "manual";

    private readonly TaskOrchestrationContext _context;
    private readonly ManualBackupRequest _request;
    private readonly Action<JobProgress> _onProgress;
    private readonly List<string> _warnings = [];

    public ManualBackupWork(TaskOrchestrationContext context, ManualBackupRequest request, Action<JobProgress> onProgress) =>
        (_context, _request, _onProgress) = (context, request, onProgress);

    /// <summary>Of its job.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    private string Database => _request.Database ?? throw new StepFailedException($"A backup of kind {_request.Kind} needs a database.");

    private string Server => _request.Server ?? throw new StepFailedException($"A backup of kind {_request.Kind} needs a server.");

    public async Task<TakenBackup> TakeAsync() => _request.Kind switch
    {
        ManualBackupKind.Full => await FullAsync(archive: false),
        ManualBackupKind.Base => await BaseAsync(archive: false),
        ManualBackupKind.Archive when _request.Server is null => await FullAsync(archive: true),
        ManualBackupKind.Archive => await BaseAsync(archive: true),
        ManualBackupKind.Incremental => TakenBackup.Of(Output<IncrementalBackupResult>(
            await IncrementalBackup.TakeAsync(_context, new IncrementalBackupParameters(Server, Reason), _onProgress))),
        ManualBackupKind.Configuration => TakenBackup.Of(Output<ConfigurationBackupResult>(
            await ConfigurationBackup.TakeAsync(_context, new ConfigurationBackupParameters(Server, Reason), _onProgress))),
        ManualBackupKind.Tenant => TakenBackup.Of(Output<TenantBackupResult>(
            await TenantBackups.TakeAsync(_context, new TenantBackupParameters(Database, Reason, _request.Tenants), _onProgress))),
        var other => throw new StepFailedException($"{other} is no kind of backup."),
    };

    private async Task<TakenBackup> FullAsync(bool archive) => TakenBackup.Of(Output<FullBackupResult>(
        await FullBackup.TakeAsync(_context, new FullBackupParameters(Database, Reason) { Archive = archive }, _onProgress)));

    private async Task<TakenBackup> BaseAsync(bool archive) => TakenBackup.Of(Output<BaseBackupResult>(
        await BaseBackup.TakeAsync(_context, new BaseBackupParameters(Server, Reason) { Archive = archive }, _onProgress)));

    private T Output<T>(JobResult job)
    {
        _warnings.AddRange(job.Warnings);
        return job.Output<T>();
    }
}

using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.BaseBackup;
using BackupFunctions.Jobs.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.BaseBackup;

/// <summary>A server of its own whose base backups go to three folders.</summary>
internal sealed class BaseSite : IAsyncDisposable
{
    private BaseSite(PostgresServer server, BackupKeys keys) => (Server, Keys, Jobs) = (server, keys, new JobSite(new BackupSite(server, keys)));

    public PostgresServer Server { get; }

    public BackupKeys Keys { get; }

    public JobSite Jobs { get; }

    public static async Task<BaseSite> StartAsync() => new(await PostgresServer.StartAsync(), new BackupKeys());

    public Task<BaseBackupResult> BackUpAsync(CancellationToken cancellationToken = default) =>
        new BaseBackupJob(Jobs.Environment, Path.Combine(Jobs.Site.RunStore, "run", "state"))
            .RunAsync(new BaseBackupParameters("main", "test"), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        Jobs.Dispose();
        Keys.Dispose();
        await Server.DisposeAsync();
    }
}

using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Wal.Push;

/// <summary>A server whose archive_command always fails: two timelines of log wait for it, with all kinds of files. Tests work on copies.</summary>
public sealed class ArchivingServer : IAsyncLifetime
{
    public BackupKeys Keys { get; } = new();

    public PostgresServer Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await PostgresServer.StartAsync(15, "archive_mode = on", "archive_command = 'false'", "max_wal_size = 1GB");
        await Server.ExecuteAsync("create table t(i int)");
        for (var segment = 0; segment < 4; segment++)
        {
            await Server.ExecuteAsync($"insert into t values ({segment}); select pg_switch_wal();");
        }

        await using (var connection = await Server.OpenAsync())
        {
            await using var command = new Npgsql.NpgsqlCommand("select pg_backup_start('label', true); select lsn from pg_backup_stop(false);", connection);
            await command.ExecuteNonQueryAsync();
        }

        await Server.ExecuteAsync("insert into t values (5)");
        await Server.SwitchTimelineAsync();
        await Server.ExecuteAsync("insert into t values (6); select pg_switch_wal();");
        await Server.StopAsync("fast");
    }

    /// <summary>What archive_command sees of the data directory, and targets of its own.</summary>
    internal PushSite Copy() => new(Server, Keys);

    public Task DisposeAsync()
    {
        Keys.Dispose();
        return Server.DisposeAsync().AsTask();
    }
}

using BackupFunctions.Contracts;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.PrivateCluster;

/// <summary>Starts, finds and stops the server of a data directory. The caller holds the start lock.</summary>
internal sealed class ClusterServer(ClusterFolders folders, ServerBinaries binaries, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Small, local, and durable: fsync and synchronous_commit keep their defaults.</summary>
    private string Options =>
        "-c listen_addresses= -c shared_buffers=16MB -c max_connections=200 -c wal_level=minimal -c max_wal_senders=0 -c min_wal_size=32MB "
        + "-c max_wal_size=256MB -c jit=off -c max_parallel_workers=0 -c logging_collector=on -c log_directory=log "
        + "-c log_filename=postgresql-%a.log -c log_truncate_on_rotation=on -c log_rotation_age=1d -c cluster_name=backupfunctions "
        + $"-c unix_socket_permissions=0700 -c unix_socket_directories='{folders.Sockets}'";

    public string ConnectionString =>
        new NpgsqlConnectionStringBuilder
        {
            Host = folders.Sockets,
            Username = ClusterInitializer.Superuser,
            Database = "postgres",
            SslMode = SslMode.Disable,
            MaxPoolSize = 60,
            // The engine runs few statements often: parsed and planned once.
            MaxAutoPrepare = 64,
            AutoPrepareMinUsages = 2,
            ApplicationName = "backupfunctions-host",
        }.ConnectionString;

    /// <returns>Whether a server was running already.</returns>
    public async Task<bool> StartOrAdoptAsync(CancellationToken cancellationToken)
    {
        if (await AnswersAsync(cancellationToken) || await WaitForProcessesAsync(cancellationToken))
        {
            return true;
        }

        if (ClusterProcess.CanLook)
        {
            ClusterProcess.RemoveStaleLockFile(folders.State);
        }

        var result = await ServerAccount.RunAsync(
            new Command(binaries.Path("pg_ctl"), ["-D", folders.State, "-w", "-t", "300", "-l", folders.ServerLog, "-o", Options, "start"]),
            cancellationToken);
        return result.ExitCode == 0
            ? false
            : throw new PgdrException(
                ErrorCodes.ToolFailed,
                $"The host's own PostgreSQL server in {folders.State} does not start; its log in {folders.ServerLog} and {folders.State}/log says why: "
                + result.LastWords);
    }

    public async Task StopAsync(CancellationToken cancellationToken) =>
        await ServerAccount.RunAsync(
            new Command(binaries.Path("pg_ctl"), ["-D", folders.State, "-w", "-m", "fast", "stop"]), cancellationToken);

    /// <summary>A server that starts up, shuts down or lost its postmaster still works in the folder: it ends in answering, or in nobody left.</summary>
    private async Task<bool> WaitForProcessesAsync(CancellationToken cancellationToken)
    {
        for (var started = time.GetTimestamp(); ClusterProcess.CanLook && ClusterProcess.AnyIn(folders.State);)
        {
            if (await AnswersAsync(cancellationToken))
            {
                return true;
            }

            if (time.GetElapsedTime(started) > Patience)
            {
                throw new PgdrException(
                    ErrorCodes.ToolFailed, $"A PostgreSQL server works in {folders.State} but does not answer on {folders.Sockets}: stop it and start again.");
            }

            await Task.Delay(Pause, time, cancellationToken);
        }

        return false;
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false, Timeout = 5 }.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand("SELECT current_setting('data_directory'), pg_read_file('postmaster.pid')", connection);
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            await row.ReadAsync(cancellationToken);
            return string.Equals(row.GetString(0), folders.State, StringComparison.Ordinal) && IsOfFolder(row.GetString(1));
        }
        catch (PostgresException cause) when (cause.SqlState is PostgresErrorCodes.InvalidAuthorizationSpecification)
        {
            throw new PgdrException(
                ErrorCodes.ServerRefusedLogin,
                $"The PostgreSQL server in {folders.State} was made by another account: run the host as that account, or set another DATA_FOLDER.",
                cause);
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    /// <summary>
    /// A server goes on after its data directory was moved, and another one may lie in its place: it reads its lock file where it works, which
    /// names its process and start.
    /// </summary>
    private bool IsOfFolder(string lockFile)
    {
        var here = Path.Combine(folders.State, "postmaster.pid");
        return File.Exists(here) && Identity(lockFile).SequenceEqual(Identity(File.ReadAllText(here)), StringComparer.Ordinal)
            ? true
            : throw new PgdrException(
                ErrorCodes.ToolFailed,
                $"The PostgreSQL server that answers on {folders.Sockets} was started in {folders.State}, but other data lies there now: end that server, whose "
                + "postmaster.pid is in the folder that was moved, and start again.");
    }

    /// <summary>Process id, data directory and start time; further lines change while it runs.</summary>
    private static IEnumerable<string> Identity(string lockFile) => lockFile.Split('\n').Take(3);
}

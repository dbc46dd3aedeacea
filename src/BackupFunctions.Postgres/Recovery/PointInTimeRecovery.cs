using System.Globalization;
using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Recovery.Tablespaces;
using BackupFunctions.Postgres.Replication;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Recovery;

/// <summary>
/// A restored server on its way to a target. It runs as a standby, which never ends a recovery by itself: what was reached is looked at
/// first, and only then is it promoted. So a log that ends too early is an error, never a shorter history.
/// </summary>
public sealed class PointInTimeRecovery : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly RecoveryRequest _request;
    private readonly RestoreCommand _command;
    private readonly RecoveringServer _server;

    private PointInTimeRecovery(RecoveryRequest request, RestoreCommand command, RecoveringServer server) =>
        (_request, _command, _server) = (request, command, server);

    /// <summary>The server, by its socket alone.</summary>
    public ServerConnection Connection => _server.Connection;

    /// <summary>The same as the role that owns everything: whoever the backup was taken by may not read all of it.</summary>
    /// <exception cref="PgdrException">server.*: it does not take connections.</exception>
    public async Task<ServerConnection> SuperuserAsync(CancellationToken cancellationToken)
    {
        await using var connection = await Connection.OpenAsync(Connection.MaintenanceDatabase, cancellationToken);
        return Connection with { Username = await connection.SingleAsync<string>("select rolname::text from pg_roles where oid = 10", cancellationToken) };
    }

    /// <exception cref="PgdrException">The data directory cannot be used, or the server does not start.</exception>
    public static async Task<PointInTimeRecovery> StartAsync(RecoveryRequest request, CancellationToken cancellationToken)
    {
        var control = await ControlData.ReadAsync(request.Binaries, request.DataFolder, cancellationToken);
        await ServerAccount.OwnAsync(request.WorkFolder, cancellationToken);
        var log = await TablespaceGuard.CreateAsync(request, cancellationToken);
        var command = await RestoreCommand.CreateAsync(request.WorkFolder, request.DataFolder, log, cancellationToken);
        try
        {
            var arguments = await IsolatedConfiguration.WriteAsync(request, control, command.Setting, cancellationToken);
            foreach (var folder in request.TablespaceFolders.Append(request.DataFolder))
            {
                await ServerAccount.OwnAsync(folder, cancellationToken);
            }

            await ServerAccount.OwnAsync(request.WorkFolder, cancellationToken);
            return new PointInTimeRecovery(request, command, await RecoveringServer.StartAsync(request.Binaries, arguments, request.WorkFolder, request.Username));
        }
        catch
        {
            await command.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until the target is reached, and checks that it is.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="onProgress">Learns of the position replayed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="PgdrException">
    /// wal.missing: the log ends before the target, the newest point that can be reached is named; or why the log could not be had.
    /// </exception>
    public async Task<RecoveryOutcome> ReachAsync(TimeProvider time, Action<ulong> onProgress, CancellationToken cancellationToken)
    {
        var end = new EndOfReplay();
        while (true)
        {
            if (_command.Failure is { } failure)
            {
                throw failure;
            }

            _server.RequireAlive();
            var asked = _command.State;
            var state = await LookAsync(asked, cancellationToken);
            onProgress(state?.Replayed ?? 0);
            if (state is { IsPaused: true })
            {
                return state.Outcome;
            }

            if (end.IsReached(state?.Replayed, asked))
            {
                return state is null ? throw NeverConsistent(asked)
                    : _request.Target.Kind == RecoveryTargetKind.Latest ? await RequireEndAsync(state, asked, cancellationToken)
                    : _request.EndIsTarget ? await AtEndAsync(state, asked, cancellationToken) with { IsBehindEnd = true }
                    : throw Before(state.Outcome);
            }

            await Task.Delay(Look, time, cancellationToken);
        }
    }

    /// <summary>
    /// Promotes a server whose target lies behind its last transaction. PostgreSQL refuses to end a recovery before a target that it knows
    /// of, so the server starts once more without one, and without a source: it has only the log that it was given before.
    /// </summary>
    /// <param name="request">Of the recovery that ended there; its server has stopped.</param>
    /// <param name="reached">How that one ended.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="PgdrException">tool.failed: it did not come to the same point, or was not promoted.</exception>
    public static async Task PromoteAtEndAsync(RecoveryRequest request, RecoveryOutcome reached, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var recovery = await StartAsync(
            request with { Target = RecoveryTarget.Latest, Log = new NoWalSource(), EndOfLog = null, EndIsTarget = false }, cancellationToken);
        var again = await recovery.ReachAsync(time, static _ => { }, cancellationToken);
        if (again.ReachedLsn != reached.ReachedLsn)
        {
            throw new PgdrException(
                ErrorCodes.ToolFailed,
                $"The recovered server came to {LogPosition.Format(again.ReachedLsn)} when it was started again, and had been at {LogPosition.Format(reached.ReachedLsn)}: something else wrote to its directory; recover again into another one.");
        }

        await recovery.PromoteAsync(time, cancellationToken);
    }

    /// <summary>Ends the recovery: the server goes on on a new timeline, in its isolation.</summary>
    /// <exception cref="PgdrException">tool.failed: it was not promoted.</exception>
    public async Task PromoteAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await connection.ExecuteAsync("select pg_promote(false)", cancellationToken);
        while (await connection.SingleAsync<bool>("select pg_is_in_recovery()", cancellationToken))
        {
            _server.RequireAlive();
            await Task.Delay(Look, time, cancellationToken);
        }
    }

    /// <summary>Waits until a server that was promoted by an earlier run takes connections.</summary>
    /// <exception cref="PgdrException">tool.failed: it stopped.</exception>
    public async Task ReadyAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await (await OpenAsync(cancellationToken)).DisposeAsync();
                return;
            }
            catch (PgdrException e) when (e.Code == ErrorCodes.ServerUnreachable)
            {
                _server.RequireAlive();
                await Task.Delay(Look, time, cancellationToken);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _command.DisposeAsync();
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) =>
        await (await SuperuserAsync(cancellationToken)).OpenAsync(Connection.MaintenanceDatabase, cancellationToken);

    /// <summary>Null: it does not take connections, not yet or no more.</summary>
    private async Task<ReplayState?> LookAsync(RestoreCommandState asked, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await OpenAsync(cancellationToken);
            var state = (await connection.QueryAsync(ReplayState.Query, ReplayState.Read, cancellationToken)).Single();
            return asked.Delivered is { } segment ? state.OnTimelineOf(segment) : state;
        }
        catch (PgdrException e) when (e.Code == ErrorCodes.ServerUnreachable)
        {
            return null;
        }
        catch (NpgsqlException e) when (e is not PostgresException { SqlState: not (PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown) })
        {
            // It stopped while it was asked. Why is known to whoever stopped it, or to its log: the next turn tells.
            return null;
        }
    }

    /// <summary>Everything before a position was replayed: only that no record behind it says so.</summary>
    private Task<RecoveryOutcome> AtEndAsync(ReplayState state, RestoreCommandState asked, CancellationToken cancellationToken) =>
        _request.Target.Kind == RecoveryTargetKind.Lsn && LogPosition.TryParse(_request.Target.Value!, out var target) && state.Replayed >= target
            ? Task.FromResult(state.Outcome)
            : RequireEndAsync(state, asked, cancellationToken);

    /// <summary>The end was reached when nothing behind the last record can be a record that is whole.</summary>
    private async Task<RecoveryOutcome> RequireEndAsync(ReplayState state, RestoreCommandState asked, CancellationToken cancellationToken)
    {
        if (_request.EndOfLog is not { } end || state.Replayed >= end)
        {
            return state.Outcome;
        }

        var size = (ulong)state.SegmentSize;
        var start = state.Replayed / size * size;
        var file = Path.Combine(_request.WorkFolder, "tail");
        if (asked.Delivered is { } segment && end <= start + size && await _request.Log.FetchAsync(segment, file, cancellationToken))
        {
            var bytes = await File.ReadAllBytesAsync(file, cancellationToken);
            File.Delete(file);
            if (LogTail.MayEndAt(bytes, (int)(state.Replayed - start), (int)(end - start)))
            {
                return state.Outcome;
            }
        }

        throw new PgdrException(
            ErrorCodes.WalMissing,
            $"The log goes on to {LogPosition.Format(end)} and the server could read it only up to {LogPosition.Format(state.Replayed)}: it is damaged there. "
            + $"The newest point that can be reached is {Describe(state.Outcome)}.");
    }

    private static PgdrException NeverConsistent(RestoreCommandState asked) => new(
        ErrorCodes.WalMissing,
        $"The log ends before the base backup is consistent (segment {asked.Segment} was asked for again and again): take another base backup, or bring the target back that has the log.");

    private PgdrException Before(RecoveryOutcome reached) => new(
        ErrorCodes.WalMissing,
        $"The log ends before {_request.Target}{(_request.Target.Kind == RecoveryTargetKind.Time ? ", and no inventory says that it is complete until then" : string.Empty)}: "
        + $"the newest point that can be reached is {Describe(reached)}; recover to that or to the end of the log.");

    private static string Describe(RecoveryOutcome reached) => string.Create(
        CultureInfo.InvariantCulture,
        $"{LogPosition.Format(reached.ReachedLsn)} on timeline {reached.Timeline}{(reached.LastCommitAt is { } at ? $", whose last transaction committed at {at:yyyy-MM-dd HH:mm:ss.ffffff}Z" : string.Empty)}");
}

using BackupFunctions.Postgres.Recovery;
using BackupFunctions.TestSupport;
using Npgsql;

namespace BackupFunctions.Postgres.Tests.Recovery;

/// <summary>A server that archives to a folder, a base backup of it, and one row each segment written since.</summary>
public sealed class ArchivedServer : IAsyncLifetime, IDisposable
{
    private const int Rows = 6;

    private readonly TemporaryFolder _folder = new();
    private int _copies;

    public PostgresServer Server { get; private set; } = null!;

    /// <summary>Rows are numbered from 1; the times are those of the server right after each one's commit.</summary>
    public IReadOnlyList<DateTimeOffset> CommittedAt { get; private set; } = [];

    public IReadOnlyList<string> Transactions { get; private set; } = [];

    /// <summary>Behind each row's commit, as pg_lsn prints it.</summary>
    public IReadOnlyList<string> Lsns { get; private set; } = [];

    /// <summary>Behind the last row, bytes.</summary>
    public ulong End { get; private set; }

    /// <summary>Segments archived since the base backup, in order.</summary>
    public IReadOnlyList<string> Segments { get; private set; } = [];

    private string Archive => _folder["archive"];

    internal FolderSource Source => new(Archive);

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Archive);
        if (Environment.IsPrivilegedProcess)
        {
            await CommandLine.RunAsync("chown", "postgres", _folder.Path, Archive);
        }

        Server = await PostgresServer.StartAsync(15, "archive_mode = on", $"archive_command = 'cp %p {Archive}/%f'");
        await Server.ExecuteAsync("create table t(i int primary key, at timestamptz default clock_timestamp()); select pg_switch_wal();");
        await CommandLine.RunAsync(
            Path.Combine(Server.Binaries, "pg_basebackup"), "-D", _folder["base"], "-X", "none", "-c", "fast", "-d", $"host={Server.SocketFolder} port={Server.Port} user=postgres");
        var before = ArchivedSegments();
        await using var connection = await Server.OpenAsync();
        var (times, transactions, lsns) = (new List<DateTimeOffset>(), new List<string>(), new List<string>());
        for (var row = 1; row <= Rows; row++)
        {
            transactions.Add((await ScalarAsync<string>(connection, $"insert into t(i) values ({row}) returning pg_current_xact_id()::text"))!);
            times.Add(new DateTimeOffset(await ScalarAsync<DateTime>(connection, "select clock_timestamp()")));
            lsns.Add((await ScalarAsync<string>(connection, "select pg_current_wal_insert_lsn()::text"))!);
            await ScalarAsync<string>(connection, $"select pg_create_restore_point('after {row}')::text");
            End = (ulong)await ScalarAsync<decimal>(connection, "select pg_switch_wal() - '0/0'::pg_lsn");
        }

        (CommittedAt, Transactions, Lsns) = (times, transactions, lsns);
        var last = await Server.ScalarAsync<string>($"select pg_walfile_name('0/0'::pg_lsn + {End - 1})");
        while (!File.Exists(Path.Combine(Archive, last!)) || await Server.ScalarAsync<bool>($"select coalesce(last_archived_wal < '{last}', true) from pg_stat_archiver"))
        {
            await Task.Delay(50);
        }

        Segments = [.. ArchivedSegments().Except(before, StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    /// <summary>A copy of the base to recover.</summary>
    internal async Task<RecoveryRequest> NewRequestAsync(RecoveryTarget target, IWalSource? log = null)
    {
        var copy = _folder[$"r{++_copies}"];
        await CommandLine.RunAsync("cp", "-a", _folder["base"], copy);
        var work = Directory.CreateDirectory(_folder[$"w{_copies}"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
        return new RecoveryRequest
        {
            DataFolder = copy, WorkFolder = work, Binaries = Server.Binaries, Username = "postgres", Target = target, Log = log ?? Source, EndOfLog = End,
        };
    }

    internal IReadOnlyList<string> ArchivedSegments() => [.. Directory.EnumerateFiles(Archive).Select(file => Path.GetFileName(file))];

    private static async Task<T?> ScalarAsync<T>(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T?)await command.ExecuteScalarAsync();
    }
}

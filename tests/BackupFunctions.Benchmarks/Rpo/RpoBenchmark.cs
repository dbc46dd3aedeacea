using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;

namespace BackupFunctions.Benchmarks.Rpo;

/// <summary>
/// Transactions at a steady pace, and for each the time from its commit until the slot stands behind it: the receiver moves the slot only
/// when the required number of targets hold the log, read back. Whoever receives runs beside.
/// </summary>
internal static class RpoBenchmark
{
    private const int PerSecond = 20;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <param name="connection">Of a superuser.</param>
    /// <param name="duration">Of the writing.</param>
    /// <exception cref="TimeoutException">Nobody receives.</exception>
    public static async Task RunAsync(string connection, TimeSpan duration)
    {
        var commits = new ConcurrentQueue<(decimal Lsn, long At)>();
        var writing = Task.Run(() => WriteAsync(connection, duration, commits));
        var seconds = new List<double>();
        await using var watcher = await OpenAsync(connection);
        await using var slot = new NpgsqlCommand("select restart_lsn - '0/0'::pg_lsn from pg_replication_slots where slot_name = 'pgdr'", watcher);
        var begun = Stopwatch.GetTimestamp();
        while (!writing.IsCompleted || !commits.IsEmpty)
        {
            var safe = await slot.ExecuteScalarAsync() is decimal lsn ? lsn : 0;
            var seen = Stopwatch.GetTimestamp();
            while (commits.TryPeek(out var commit) && commit.Lsn <= safe && commits.TryDequeue(out commit))
            {
                seconds.Add(Stopwatch.GetElapsedTime(commit.At, seen).TotalSeconds);
            }

            if (Stopwatch.GetElapsedTime(begun) > duration + Patience)
            {
                throw new TimeoutException("Log that was written is not safe after five minutes: nobody receives it.");
            }

            await Task.Delay(Look);
        }

        await writing;
        seconds.Sort();
        Figures.Print("transactions", seconds.Count);
        Figures.Print("p50", seconds[seconds.Count / 2]);
        Figures.Print("p95", seconds[seconds.Count * 95 / 100]);
        Figures.Print("p99", seconds[seconds.Count * 99 / 100]);
        Figures.Print("max", seconds[^1]);
    }

    private static async Task WriteAsync(string connection, TimeSpan duration, ConcurrentQueue<(decimal Lsn, long At)> commits)
    {
        await using var writer = await OpenAsync(connection);
        await ExecuteAsync(writer, "create table if not exists rpo(id bigserial primary key, note text)");
        await using var insert = new NpgsqlCommand("insert into rpo(note) select md5(random()::text)", writer);
        await using var position = new NpgsqlCommand("select pg_current_wal_insert_lsn() - '0/0'::pg_lsn", writer);
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / PerSecond));
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < duration && await pace.WaitForNextTickAsync())
        {
            await insert.ExecuteNonQueryAsync();
            var committed = Stopwatch.GetTimestamp();
            commits.Enqueue(((decimal)(await position.ExecuteScalarAsync())!, committed));
        }
    }

    private static async Task<NpgsqlConnection> OpenAsync(string text)
    {
        var connection = new NpgsqlConnection(text);
        await connection.OpenAsync();
        return connection;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}

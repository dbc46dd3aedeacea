using System.Globalization;
using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Postgres.Recovery;

/// <summary>What pg_controldata prints of a data directory.</summary>
internal sealed class ControlData
{
    private readonly Dictionary<string, string> _values;

    private ControlData(Dictionary<string, string> values) => _values = values;

    public string SystemIdentifier => Text("Database system identifier");

    public string State => Text("Database cluster state");

    /// <summary>A hot standby refuses to start with less than the server had (xlog.c, CheckRequiredParameterValues).</summary>
    public IEnumerable<(string Name, string Value)> LeastSettings() =>
    [
        ("max_connections", Text("max_connections setting")),
        ("max_worker_processes", Text("max_worker_processes setting")),
        ("max_wal_senders", Text("max_wal_senders setting")),
        ("max_prepared_transactions", Text("max_prepared_xacts setting")),
        ("max_locks_per_transaction", Text("max_locks_per_xact setting")),
        ("track_commit_timestamp", Text("track_commit_timestamp setting")),
    ];

    /// <param name="binaries">The server's.</param>
    /// <param name="dataFolder">Of a server that does not run.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="PgdrException">tool.failed: it is no data directory, or pg_control is damaged.</exception>
    public static async Task<ControlData> ReadAsync(string binaries, string dataFolder, CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        await PgToolRunner.RunCheckedAsync(
            new ToolCommand(Path.Combine(binaries, "pg_controldata"), ["--pgdata=" + dataFolder])
            {
                OutputLine = line =>
                {
                    if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
                    {
                        values[line[..colon]] = line[(colon + 1)..].Trim();
                    }
                },
            },
            cancellationToken);
        return new ControlData(values);
    }

    public int Number(string name) => int.Parse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture);

    private string Text(string name) => _values.TryGetValue(name, out var value)
        ? value
        : throw new PgdrException(ErrorCodes.ToolFailed, $"pg_controldata does not print '{name}': use the tools of the server's own version.");
}

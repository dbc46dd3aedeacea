using System.Globalization;
using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Postgres.Replication;

/// <summary>
/// Asks for TIMELINE_HISTORY by psql: Npgsql 10 takes the content for bytea, which servers since 14 send as text, and throws.
/// </summary>
public static class TimelineHistoryReader
{
    /// <summary>Bytes; a server that has failed over a thousand times has some 50 KiB.</summary>
    private const int LargestSize = 1 << 20;

    private const byte Separator = 0x1F;

    /// <param name="tools">Where psql is.</param>
    /// <param name="server">The server.</param>
    /// <param name="timeline">From 2.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="PgdrException">tool.failed: the server does not have it; object.damaged: it cannot be read.</exception>
    public static async Task<TimelineHistory> ReadAsync(PgTools tools, ServerConnection server, int timeline, CancellationToken cancellationToken)
    {
        using var answer = new MemoryStream();
        var name = string.Create(CultureInfo.InvariantCulture, $"{timeline:X8}.history");
        string[] arguments =
        [
            "--no-psqlrc", "--no-password", "--no-align", "--tuples-only", "--field-separator=" + (char)Separator,
            string.Create(CultureInfo.InvariantCulture, $"--command=TIMELINE_HISTORY {timeline}"),
            "--dbname=" + ConnectionInfo.For(server, server.MaintenanceDatabase) + " replication='true'",
        ];
        await PgToolRunner.RunCheckedAsync(
            new ToolCommand(tools.Psql, arguments)
            {
                Server = server,
                Output = (piece, _) =>
                {
                    if (answer.Length < LargestSize)
                    {
                        answer.Write(piece.Span);
                    }

                    return ValueTask.CompletedTask;
                },
            },
            cancellationToken);
        var bytes = answer.ToArray();
        var at = bytes.AsSpan().IndexOf(Separator);
        return at > 0 && System.Text.Encoding.ASCII.GetString(bytes, 0, at).Equals(name, StringComparison.Ordinal) && bytes[^1] == '\n'
            ? TimelineHistory.Parse(timeline, bytes[(at + 1)..^1])
            : throw new PgdrException(ErrorCodes.ToolFailed, $"psql's answer to TIMELINE_HISTORY {timeline} of server {server.Endpoint} cannot be read: use a newer pgdr.");
    }
}

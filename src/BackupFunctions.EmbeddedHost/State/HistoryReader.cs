using BackupFunctions.EmbeddedHost.Durable.History;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.State;

internal static class HistoryReader
{
    /// <returns>Events of the present execution, oldest first, and the large values in them by their ids.</returns>
    public static async Task<(List<HistoryEvent> History, Dictionary<string, string> Payloads)> ReadAsync(
        NpgsqlConnection connection, string hub, string instanceId, CancellationToken cancellationToken)
    {
        var events = await connection.QueryAsync(
            row => HistorySerializer.Read<HistoryEvent>(row.GetString(0)),
            "SELECT event FROM durable.history WHERE hub = $1 AND instance_id = $2 ORDER BY sequence_number",
            cancellationToken, hub, instanceId);
        var texts = events.Select(e => (instanceId, EventPayload.Of(e)));
        var payloads = await PayloadReader.ReadAsync(connection, hub, texts, cancellationToken);
        return (events.ConvertAll(e => PayloadReader.Resolve(e, payloads)), payloads);
    }
}

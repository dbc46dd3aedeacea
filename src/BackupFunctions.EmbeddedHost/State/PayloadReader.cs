using System.IO.Compression;
using System.Text;
using BackupFunctions.EmbeddedHost.Durable.History;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.State;

/// <summary>Puts large values back where references stand.</summary>
internal static class PayloadReader
{
    private static readonly Dictionary<string, string> None = new(StringComparer.Ordinal);

    /// <param name="connection">Nothing else is being read on it.</param>
    /// <param name="hub">The hub.</param>
    /// <param name="texts">Values and references, each with the instance that it belongs to.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Values by id; empty when there are no references.</returns>
    public static async Task<Dictionary<string, string>> ReadAsync(
        NpgsqlConnection connection, string hub, IEnumerable<(string InstanceId, string? Text)> texts, CancellationToken cancellationToken)
    {
        var wanted = texts.Select(t => (t.InstanceId, Id: PayloadBatch.IdIn(t.Text))).Where(t => t.Id is not null).Distinct().ToList();
        if (wanted.Count == 0)
        {
            return None;
        }

        var rows = await connection.QueryAsync(
            row => (Id: row.GetString(0), Value: Decompress(row.GetFieldValue<byte[]>(1))),
            """
            SELECT p.payload_id, p.data FROM durable.payloads p
            JOIN unnest($2::text[], $3::text[]) AS w (instance_id, payload_id) USING (instance_id, payload_id)
            WHERE p.hub = $1
            """,
            cancellationToken, hub, wanted.Select(w => w.InstanceId).ToArray(), wanted.Select(w => w.Id!).ToArray());
        return rows.ToDictionary(row => row.Id, row => row.Value, StringComparer.Ordinal);
    }

    /// <exception cref="InvalidDataException">The reference leads nowhere.</exception>
    public static string? Resolve(string? text, IReadOnlyDictionary<string, string> values)
    {
        if (PayloadBatch.IdIn(text) is not { } id)
        {
            return text;
        }

        return values.TryGetValue(id, out var value)
            ? value
            : throw new InvalidDataException($"The payload {id} is not in the state database: restore that, or purge the instance.");
    }

    public static HistoryEvent Resolve(HistoryEvent happened, IReadOnlyDictionary<string, string> values) =>
        EventPayload.Replace(happened, text => Resolve(text, values));

    private static string Decompress(byte[] data)
    {
        using var gzip = new GZipStream(new MemoryStream(data), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}

using System.IO.Compression;
using System.Text;
using BackupFunctions.EmbeddedHost.Durable.History;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.State;

/// <summary>Takes large values out of what one transaction writes. Each belongs to the instance whose rows refer to it.</summary>
/// <param name="hub">The hub.</param>
/// <param name="threshold">Bytes of UTF-8 up to which a value stays where it is.</param>
internal sealed class PayloadBatch(string hub, int threshold)
{
    // No JSON text begins so.
    private const string Mark = "@payload:";
    private const int LongestCharacter = 3;

    private readonly Dictionary<(string InstanceId, string Value), string> _references = [];
    private readonly List<(string InstanceId, string Id, byte[] Data)> _added = [];

    /// <returns>The id that the text refers to; null when the text is a value itself.</returns>
    public static string? IdIn(string? text) => text?.StartsWith(Mark, StringComparison.Ordinal) == true ? text[Mark.Length..] : null;

    /// <summary>A value that the instance has already.</summary>
    public void AddKnown(string instanceId, IReadOnlyDictionary<string, string> valuesById)
    {
        foreach (var (id, value) in valuesById)
        {
            _references[(instanceId, value)] = Mark + id;
        }
    }

    /// <returns>The value or the reference that stands for it.</returns>
    public string? Put(string instanceId, string? value)
    {
        if (value is null || value.Length <= threshold / LongestCharacter || Encoding.UTF8.GetByteCount(value) <= threshold)
        {
            return value;
        }

        if (!_references.TryGetValue((instanceId, value), out var reference))
        {
            var id = Guid.NewGuid().ToString("N");
            _added.Add((instanceId, id, Compress(value)));
            _references.Add((instanceId, value), reference = Mark + id);
        }

        return reference;
    }

    public HistoryEvent Put(string instanceId, HistoryEvent happened) => EventPayload.Replace(happened, value => Put(instanceId, value));

    /// <summary>Add it when everything was put, after what creates the instances; values for unknown instances vanish.</summary>
    public void AddTo(NpgsqlBatch batch)
    {
        if (_added.Count > 0)
        {
            batch.Add(
                """
                INSERT INTO durable.payloads (hub, instance_id, payload_id, data)
                SELECT i.hub, i.instance_id, p.payload_id, p.data
                FROM unnest($2::text[], $3::text[], $4::bytea[]) AS p (instance_id, payload_id, data)
                JOIN durable.instances i ON i.hub = $1 AND i.instance_id = p.instance_id
                """,
                hub,
                _added.Select(p => p.InstanceId).ToArray(),
                _added.Select(p => p.Id).ToArray(),
                _added.Select(p => p.Data).ToArray());
        }
    }

    private static byte[] Compress(string value)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(value));
        }

        return target.ToArray();
    }
}

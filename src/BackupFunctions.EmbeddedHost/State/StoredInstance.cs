using System.Collections.ObjectModel;
using BackupFunctions.EmbeddedHost.Durable.History;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.State;

/// <summary>An instance as the table has it.</summary>
internal sealed record StoredInstance(
    string InstanceId,
    string ExecutionId,
    string Name,
    string? Version,
    OrchestrationRuntimeStatus Status,
    DateTime CreatedAt,
    DateTime LastUpdatedAt,
    string? Input,
    string? Output,
    string? CustomStatus,
    TaskFailureDetails? Failure,
    IReadOnlyDictionary<string, string> Tags,
    ParentLink? Parent)
{
    /// <summary>The columns that <see cref="Read"/> expects, the data empty unless wanted.</summary>
    public static string Columns(bool withData)
    {
        var data = withData ? "input, output, custom_status" : "NULL::text, NULL::text, NULL::text";
        return $"instance_id, execution_id, name, version, status, created_at, last_updated_at, {data}, failure, tags, parent";
    }

    public static StoredInstance Read(NpgsqlDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetString(2),
        row.Text(3),
        Enum.Parse<OrchestrationRuntimeStatus>(row.GetString(4)),
        row.GetDateTime(5),
        row.GetDateTime(6),
        row.Text(7),
        row.Text(8),
        row.Text(9),
        row.Text(10) is { } failure ? HistorySerializer.Read<TaskFailureDetails>(failure) : null,
        row.Text(11) is { } tags ? HistorySerializer.Read<Dictionary<string, string>>(tags) : ReadOnlyDictionary<string, string>.Empty,
        row.Text(12) is { } parent ? HistorySerializer.Read<ParentLink>(parent) : null);
}

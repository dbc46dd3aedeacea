using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using BackupFunctions.EmbeddedHost.Durable.Management;

namespace BackupFunctions.EmbeddedHost.Http.Management;

/// <summary>
/// The history as the management API shows it: requests are folded into their completions as ScheduledTime and FunctionName, the engine's own
/// marks are left out (shape of the durable extension's DurableClient).
/// </summary>
internal static class HistoryShape
{
    private static readonly string[] Requests = ["TaskScheduled", "SubOrchestrationInstanceCreated"];

    private static readonly string[] Completions =
        ["TaskCompleted", "TaskFailed", "SubOrchestrationInstanceCompleted", "SubOrchestrationInstanceFailed"];

    private static readonly string[] Marks = ["OrchestratorStarted", "OrchestratorCompleted"];

    public static JsonArray Of(IReadOnlyList<HistoryEventRecord> events, bool showOutput, bool showInput)
    {
        var requests = events.Where(happened => Requests.Contains(happened.EventType, StringComparer.Ordinal)).ToLookup(happened => happened.EventId);
        var answered = events.Where(IsCompletion).Select(happened => happened.ScheduledId).ToHashSet();
        return
        [
            .. events
                .Where(happened => !Marks.Contains(happened.EventType, StringComparer.Ordinal))
                .Where(happened => !Requests.Contains(happened.EventType, StringComparer.Ordinal) || !answered.Contains(happened.EventId))
                .Select(happened => Shape(happened, RequestOf(happened, requests), showOutput, showInput)),
        ];
    }

    private static bool IsCompletion(HistoryEventRecord happened) => Completions.Contains(happened.EventType, StringComparer.Ordinal);

    private static HistoryEventRecord? RequestOf(HistoryEventRecord happened, ILookup<int, HistoryEventRecord> requests) =>
        IsCompletion(happened) && happened.ScheduledId is { } id ? requests[id].LastOrDefault() : null;

    private static JsonObject Shape(HistoryEventRecord happened, HistoryEventRecord? request, bool showOutput, bool showInput)
    {
        var isFunction = happened.EventType is "ExecutionStarted" || Requests.Contains(happened.EventType, StringComparer.Ordinal);
        var shape = new JsonObject { ["EventType"] = happened.EventType };
        Add(shape, isFunction ? "FunctionName" : "Name", request is null ? happened.Name : null);
        Add(shape, "FunctionName", request?.Name);
        AddTime(shape, "ScheduledTime", request?.Timestamp);
        AddTime(shape, "Timestamp", happened.Timestamp);
        AddTime(shape, "FireAt", happened.FireAt);
        Add(shape, "OrchestrationStatus", happened.Status);
        Add(shape, "InstanceId", happened.InstanceId ?? request?.InstanceId);
        Add(shape, "Reason", happened.Reason);
        if (showInput)
        {
            AddJson(shape, "Input", happened.Input ?? request?.Input);
        }

        if (showOutput)
        {
            AddJson(shape, "Result", happened.Result);
        }

        if (happened.FailureDetails is { } failure)
        {
            shape["FailureDetails"] = JsonSerializer.SerializeToNode(failure);
        }

        return shape;
    }

    private static void Add(JsonObject shape, string key, string? value)
    {
        if (value is not null)
        {
            shape[key] = value;
        }
    }

    private static void AddTime(JsonObject shape, string key, DateTime? time) =>
        Add(shape, key, time is { } given ? DateTime.SpecifyKind(given, DateTimeKind.Utc).ToString("o", CultureInfo.InvariantCulture) : null);

    private static void AddJson(JsonObject shape, string key, string? json)
    {
        if (json is not null)
        {
            shape[key] = JsonText.Parse(json);
        }
    }
}

namespace BackupFunctions.EmbeddedHost.Functions;

/// <summary>What the parameters of one run are taken from.</summary>
/// <param name="Trigger">TimerInfo, HttpRequest, TaskOrchestrationContext or ActivityCall.</param>
internal sealed record Invocation(FunctionContext Context, object Trigger);

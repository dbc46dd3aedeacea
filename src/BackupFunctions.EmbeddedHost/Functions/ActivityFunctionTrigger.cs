namespace BackupFunctions.EmbeddedHost.Functions;

internal sealed record ActivityFunctionTrigger() : FunctionTrigger("activityTrigger");

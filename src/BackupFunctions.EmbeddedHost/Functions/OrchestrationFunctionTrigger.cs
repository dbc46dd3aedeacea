namespace BackupFunctions.EmbeddedHost.Functions;

internal sealed record OrchestrationFunctionTrigger() : FunctionTrigger("orchestrationTrigger");

namespace BackupFunctions.EmbeddedHost.Functions;

internal sealed record TimerFunctionTrigger(string Schedule, bool UseMonitor, bool RunOnStartup) : FunctionTrigger("timerTrigger");

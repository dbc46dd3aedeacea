namespace BackupFunctions.Workflows;

/// <summary>A person ended the runbook after a failed step.</summary>
internal sealed class RunbookAbortedException : Exception;

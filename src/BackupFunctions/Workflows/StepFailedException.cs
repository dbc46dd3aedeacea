namespace BackupFunctions.Workflows;

/// <summary>A step did not succeed; the message is for the person who decides what happens next.</summary>
internal sealed class StepFailedException(string message) : Exception(message);

namespace BackupFunctions.EmbeddedHost.Functions;

/// <summary>Why a method cannot be a function: the second half of a sentence.</summary>
internal sealed class FunctionRejectedException(string message) : Exception(message);

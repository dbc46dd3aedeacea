namespace BackupFunctions.Storage.FanOut;

/// <summary>What one target was asked to do.</summary>
/// <param name="Target">The target.</param>
/// <param name="Task">Ends without an exception when the target fails, which the session knows by then.</param>
internal sealed record TargetWork(IStorageTarget Target, Task Task);

namespace BackupFunctions.Jobs.Restore;

/// <summary>The copy being read does not verify: another one may. Never leaves <see cref="ObjectFetcher"/>.</summary>
internal sealed class DamagedCopyException(string message, Exception? innerException = null) : Exception(message, innerException);

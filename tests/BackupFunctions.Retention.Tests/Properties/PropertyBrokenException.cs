namespace BackupFunctions.Retention.Tests.Properties;

internal sealed class PropertyBrokenException(string message) : Exception(message);

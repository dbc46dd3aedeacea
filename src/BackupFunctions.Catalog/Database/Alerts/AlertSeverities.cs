namespace BackupFunctions.Catalog.Database.Alerts;

internal static class AlertSeverities
{
    public const string Critical = "CRITICAL";
    public const string Error = "ERROR";
    public const string Warning = "WARNING";
}

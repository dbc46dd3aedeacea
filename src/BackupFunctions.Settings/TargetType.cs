namespace BackupFunctions.Settings;

public enum TargetType
{
    Local,
    S3,
}

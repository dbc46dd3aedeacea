namespace BackupFunctions.Settings;

public enum TargetType
{
    Local,
    S3,
    AzureBlob,
}

namespace BackupFunctions.Contracts.ManualBackups;

/// <param name="Hook">Its name in the settings.</param>
/// <param name="Notice">What it gets.</param>
public sealed record BackupNotification(string Hook, BackupNotice Notice);

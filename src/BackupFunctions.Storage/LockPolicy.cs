using BackupFunctions.Contracts;

namespace BackupFunctions.Storage;

/// <param name="Mode">How strict.</param>
/// <param name="Period">From the end of the backup on.</param>
public sealed record LockPolicy(ObjectLockMode Mode, TimeSpan Period);

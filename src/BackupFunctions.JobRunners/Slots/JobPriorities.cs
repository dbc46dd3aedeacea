using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.JobRunners.Slots;

public static class JobPriorities
{
    /// <summary>By the job's kind; a kind that nobody ranked goes last.</summary>
    public static JobPriority Of(string kind) => kind switch
    {
        JobKinds.SelectBackup or JobKinds.FetchBackup or JobKinds.RestoreDatabase or JobKinds.SwapDatabase or JobKinds.MergeDatabase or JobKinds.RecoverServer
            or JobKinds.RecoverDatabase or JobKinds.DiscardRestore => JobPriority.DisasterRecovery,
        JobKinds.ReceiveWal or JobKinds.WalStatus => JobPriority.WriteAheadLog,
        JobKinds.FullBackup or JobKinds.BaseBackup or JobKinds.IncrementalBackup or JobKinds.TenantBackup or JobKinds.ConfigurationBackup => JobPriority.Backup,
        _ => JobPriority.Background,
    };
}

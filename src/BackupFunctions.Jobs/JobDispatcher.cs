using System.Text.Json;
using System.Text.Json.Nodes;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Backup;
using BackupFunctions.Jobs.BaseBackup;
using BackupFunctions.Jobs.Configuration;
using BackupFunctions.Jobs.Merge;
using BackupFunctions.Jobs.Recovery;
using BackupFunctions.Jobs.Restore;
using BackupFunctions.Jobs.Retention;
using BackupFunctions.Jobs.Targets;
using BackupFunctions.Jobs.Tenants;
using BackupFunctions.Jobs.Verify;
using BackupFunctions.Jobs.Wal;

namespace BackupFunctions.Jobs;

/// <summary>From a specification to the job that does it.</summary>
public static class JobDispatcher
{
    /// <param name="spec">What to do.</param>
    /// <param name="environment">What every job works with.</param>
    /// <param name="stateFolder">The run's own folder.</param>
    /// <param name="cancellationToken">Stops the job at its next safe point.</param>
    public static async Task<JsonNode?> RunAsync(JobSpec spec, JobEnvironment environment, string stateFolder, CancellationToken cancellationToken)
    {
        switch (spec.Kind)
        {
            case JobKinds.FullBackup:
                return Output(await new FullBackupJob(environment, stateFolder).RunAsync(Parameters<FullBackupParameters>(spec), cancellationToken));
            case JobKinds.BaseBackup:
                return Output(await new BaseBackupJob(environment, stateFolder).RunAsync(Parameters<BaseBackupParameters>(spec), cancellationToken));
            case JobKinds.IncrementalBackup:
                return Output(await new IncrementalBackupJob(environment, stateFolder).RunAsync(Parameters<IncrementalBackupParameters>(spec), cancellationToken));
            case JobKinds.TenantBackup:
                return Output((await new TenantBackupJob(environment, stateFolder).RunAsync(Parameters<TenantBackupParameters>(spec), cancellationToken)).OrFailure());
            case JobKinds.ConfigurationBackup:
                return Output(await new ConfigurationBackupJob(environment, stateFolder).RunAsync(Parameters<ConfigurationBackupParameters>(spec), cancellationToken));
            case JobKinds.SelectBackup:
                using (var reader = BackupReader.FromSettings(environment))
                {
                    return Output(await new SelectBackupJob(environment, reader).RunAsync(Parameters<SelectBackupParameters>(spec), cancellationToken));
                }

            case JobKinds.FetchBackup:
                using (var reader = BackupReader.FromSettings(environment))
                {
                    return Output(await new FetchBackupJob(environment, reader).RunAsync(Parameters<FetchBackupParameters>(spec), cancellationToken));
                }

            case JobKinds.RestoreDatabase:
                return Output(await new RestoreDatabaseJob(environment).RunAsync(Parameters<RestoreDatabaseParameters>(spec), cancellationToken));
            case JobKinds.MergeDatabase:
                return Output(await new MergeDatabaseJob(environment).RunAsync(Parameters<MergeParameters>(spec), cancellationToken));
            case JobKinds.SwapDatabase:
                return Output(await new SwapDatabaseJob(environment).RunAsync(Parameters<SwapDatabaseParameters>(spec), cancellationToken));
            case JobKinds.TargetCheck:
                return Output(await new TargetCheckJob(environment).RunAsync(Parameters<TargetCheckParameters>(spec), cancellationToken));
            case JobKinds.Cleanup:
                return Output((await new CleanupJob(environment).RunAsync(Parameters<CleanupParameters>(spec), cancellationToken)).Result);
            case JobKinds.VerifyCopies:
                return Output((await new VerifyCopiesJob(environment).RunAsync(Parameters<VerifyCopiesParameters>(spec), cancellationToken)).Limited());
            case JobKinds.RecoverServer:
                using (var reader = BackupReader.FromSettings(environment))
                {
                    return Output(await new RecoverServerJob(environment, reader).RunAsync(Parameters<RecoverServerParameters>(spec), cancellationToken));
                }

            case JobKinds.RecoverDatabase:
                using (var reader = BackupReader.FromSettings(environment))
                {
                    return Output(await new RecoverDatabaseJob(environment, reader).RunAsync(Parameters<RecoverDatabaseParameters>(spec), cancellationToken));
                }

            case JobKinds.DiscardRestore:
                return Output(await new DiscardRestoreJob(environment).RunAsync(Parameters<DiscardRestoreParameters>(spec), cancellationToken));
            case JobKinds.WalStatus:
                return Output(await new WalStatusQuery(environment).RunAsync(cancellationToken));
            case JobKinds.ReceiveWal:
                return Output(await new ReceiveWalJob(environment).RunAsync(Parameters<ReceiveWalParameters>(spec), cancellationToken));
            default:
                throw new PgdrException(ErrorCodes.InvalidSettings, $"This pgdr does not know jobs of kind '{spec.Kind}': host and job must be of the same version.");
        }
    }

    private static T Parameters<T>(JobSpec spec) => spec.Parameters.Deserialize<T>(ContractJson.Options)
        ?? throw new PgdrException(ErrorCodes.InvalidSettings, $"The specification of run {spec.RunId} has no parameters.");

    private static JsonNode? Output<T>(T result) => JsonSerializer.SerializeToNode(result, ContractJson.Options);
}
